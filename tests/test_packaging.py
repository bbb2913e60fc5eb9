"""The package as others get it: what is in the wheel, that it runs away from the checkout, that the locks lock."""

import ast
import doctest
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("data", "loaders", "ontology", "queries", "server")
NOT_SHIPPED = re.compile(r"ontology/examples/|server/msevidence\.service|server/vendor\.mjs|__pycache__|data/\.new-")
"""Examples are tests of the shapes; the unit is for whoever installs a service; vendor.mjs makes static/vendor/."""

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def modules() -> list[str]:
    """Return the names of all modules of the product."""
    names = [
        "msevidence." + ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    ]
    assert len(names) > 80
    return names


def test_packages_are_all_folders_with_code() -> None:
    folders = {
        "msevidence." + ".".join(path.parent.relative_to(ROOT).parts)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    assert {"msevidence.loaders", "msevidence.ontology", "msevidence.queries", "msevidence.server"} <= folders
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == folders | {"msevidence.data"}
    top = {path.name for path in ROOT.iterdir() if path.is_dir() and list(path.glob("*.py"))}
    assert top == {"loaders", "ontology", "queries", "server", "tests"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of what it is built from, without network."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in (*PACKAGES, "pyproject.toml", "README.md", "LICENSE"):
        (source / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q", "."]
    done = subprocess.run(
        [*command, "-w", str(folder)], cwd=source, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_every_file_of_the_product(wheel: Path) -> None:
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert all(name.startswith("msevidence/") for name in shipped)
    wanted = {
        f"msevidence/{path.relative_to(ROOT).as_posix()}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not NOT_SHIPPED.search(path.relative_to(ROOT).as_posix())
    }
    assert len(wanted) > 150
    assert shipped == wanted


def test_installed_wheel_builds_and_answers_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "-q",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(install, cwd=tmp_path, check=True, timeout=300)
    assert sorted(path.name for path in target.iterdir() if "dist-info" not in path.name) == ["bin", "msevidence"]
    # -I leaves out PYTHONPATH and the working directory, -S the .pth file that leads back to the checkout.
    site = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    code = (
        f"import sys; sys.path[:0] = [{str(target)!r}]; sys.path.append({str(site)!r});"
        " import msevidence.server.cli as cli;"
        f" assert cli.__file__.startswith({str(target)!r}), cli.__file__; cli.main()"
    )

    def run(*arguments: str) -> str:
        command = [sys.executable, "-I", "-S", "-c", code, *arguments]
        environment = {**os.environ, "MSEVIDENCE_HOME": str(tmp_path / "home")}
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "published" in run("build")
    assert "nothing wrong" in run("verify")
    assert "registered as" in run("show", "the trial confirmed that stem cell therapy has a good effect")
    assert "3" in run("query", "--text", "SELECT (COUNT(*) AS ?n) { ?s a mse:Study }")


def test_command_is_installed() -> None:
    assert PYPROJECT["project"]["scripts"] == {"msevidence": "msevidence.server.cli:main"}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("msevidence")), "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"msevidence {PYPROJECT['project']['version']}"


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", ()), ("requirements-dev.lock", ("dev",))])
def test_lock_has_hashes_and_all_dependencies_and_names_no_host(lock: str, extras: tuple[str, ...]) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = [entry for entry in text.replace("\\\n", "").splitlines() if entry and not entry.startswith("#")]
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|--trusted-host", "\n".join(entries))
    locked = {}
    for entry in entries:
        match = re.fullmatch(r"([a-z0-9-]+)==(\S+)((\s+--hash=sha256:[0-9a-f]{64})+)\s*", entry)
        assert match, entry
        locked[match[1]] = match[2]
    project = PYPROJECT["project"]
    declared = [*project["dependencies"], *PYPROJECT["build-system"]["requires"]]
    declared += [d for extra in extras for d in project["optional-dependencies"][extra]]
    names = {re.split(r"[<>=\[]", d)[0].lower().replace(".", "-").replace("_", "-") for d in declared}
    assert names <= locked.keys(), names - locked.keys()


def test_locks_agree() -> None:
    pinned = [
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pinned[0].items() <= pinned[1].items()


def test_lock_of_npm_has_hashes_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    packages = {path: found for path, found in lock["packages"].items() if path}
    assert len(packages) > 10
    for path, found in packages.items():
        assert "resolved" not in found and found["integrity"].startswith("sha512-"), path
    for name, version in (asked["dependencies"] | asked["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version, name
    settings = (ROOT / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(settings)
    assert asked["private"] and asked["license"] == PYPROJECT["project"]["license"]


def test_parts_from_npm_come_with_their_licences() -> None:
    folder = ROOT / "server" / "static" / "vendor"
    if not (folder / "LICENSES.txt").exists():
        pytest.skip("server/static/vendor/ is not here; make fills it where npm is")
    licences = (folder / "LICENSES.txt").read_text(encoding="utf-8")
    files = {path.name for path in folder.iterdir()} - {"LICENSES.txt"}
    assert files == {"yasqe.min.js", "yasqe.min.css", "cytoscape.min.js"}
    assert all(re.search(rf"^(.+, )?{re.escape(name)}[,:]", licences, re.MULTILINE) for name in files)
    inside = re.search(r"@zazuko/yasqe, with (.+) inside", licences)
    assert inside is not None and "codemirror" in inside[1]
    for name in ("@zazuko/yasqe", *inside[1].split(", "), "cytoscape"):
        assert re.search(rf"^{re.escape(name)} \S+ · ", licences, re.MULTILINE), name


def test_make_goes_on_without_npm(tmp_path: Path) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not here")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to("/bin/sh")
    (tmp_path / "server").mkdir()
    for name in ("Makefile", "package.json", "package-lock.json", "server/vendor.mjs"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [make, "PYTHON=python3", "server/static/vendor/LICENSES.txt"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "without its editor" in done.stdout
    assert not (tmp_path / "server" / "static").exists()


def imported(*folders: str) -> set[str]:
    """Return the names of the distributions that the code in ``folders`` imports."""
    names: set[str] = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    assert "pyoxigraph" in names
    own = {"msevidence", "tests", "run_shacl", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
    distributions = {"ruamel": "ruamel.yaml", "SPARQLWrapper": "sparqlwrapper", "werkzeug": "flask", "jinja2": "flask"}
    distributions |= {"prometheus_client": "prometheus-client", "openapi_spec_validator": "openapi-spec-validator"}
    distributions |= {"docx": "python-docx", "minisign": "py-minisign", "fhir": "fhir.resources"}
    distributions |= {
        "rocrate_validator": "roc-validator",
        "requests_cache": "requests-cache",
        "fhir_core": "fhir-core",
    }
    return {distributions.get(name, name) for name in names - set(sys.stdlib_module_names) - own}


def test_what_is_imported_is_declared() -> None:
    project = PYPROJECT["project"]
    runtime = {re.split(r"[<>=\[]", d)[0].lower() for d in project["dependencies"]}
    extra = {re.split(r"[<>=\[]", d)[0].lower() for d in project["optional-dependencies"]["dask"]}
    developer = {re.split(r"[<>=\[]", d)[0].lower() for d in project["optional-dependencies"]["dev"]}
    assert imported(*PACKAGES) <= runtime | extra
    assert imported("tests") <= runtime | developer
    assert extra <= developer


def test_imports_point_one_way() -> None:
    """ontology <- loaders, queries <- server."""
    above = {
        "ontology": {"loaders", "queries", "server"},
        "queries": {"loaders", "server"},
        "loaders": {"server"},
        "server": set(),
    }
    for package, forbidden in above.items():
        paths = list((ROOT / package).rglob("*.py"))
        assert paths
        for path in paths:
            for name in re.findall(
                r"^\s*(?:from|import) msevidence\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
            ):
                assert name not in forbidden, f"{path} imports msevidence.{name}"


def test_examples_in_docstrings_hold() -> None:
    run = 0
    for name in modules():
        result = doctest.testmod(importlib.import_module(name))
        assert result.failed == 0, name
        run += result.attempted
    assert run > 5


def test_makefile_and_ci_have_the_commands_of_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"^\s*make ([a-z]+)", readme, re.MULTILINE))
    assert {"serve", "test"} <= commands
    for command in commands:
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
