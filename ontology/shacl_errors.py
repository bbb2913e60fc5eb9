"""What goes wrong with shapes: the data cannot be read, a shape cannot be used, or the compiler does not cover it."""


class ShapesError(Exception):
    """Raised when validation cannot run: the shapes are ill-formed, or the data cannot be read."""


class RefusedError(Exception):
    """Raised when the compiler does not cover what a shape says; pyshacl has to validate with it.

    ``feature`` names what is not covered, as the shape writes it (``sh:sparql``), and ``shape`` the shape.
    """

    def __init__(self, feature: str, shape: str) -> None:
        self.feature = feature
        self.shape = shape
        super().__init__(f"{feature} of {shape}")
