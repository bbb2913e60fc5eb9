// In a field for a sentence, Enter searches, as in a field of one line; Shift and Enter begin a new line.
for (const field of document.querySelectorAll("form[role=search] textarea")) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !field.value.trim()) return;
    event.preventDefault();
    field.form.requestSubmit();
  });
}
