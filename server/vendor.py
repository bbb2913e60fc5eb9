"""The parts of others that npm brought into ``static/vendor/``, where it did: every page works without them."""

from __future__ import annotations

from pathlib import Path

from flask import current_app


def there(name: str) -> bool:
    """Tell whether a file is there.

    Args:
        name: of the file in ``static/vendor/``.
    """
    return (Path(str(current_app.static_folder)) / "vendor" / name).is_file()
