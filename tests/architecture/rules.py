"""The house rules, read from the code itself. test_packages.py sees that they hold, and can fail.

A rule is a function from sources (path -> text) to sentences, one for each place that breaks it.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise

Sources = Mapping[str, str]
Rule = Callable[[Sources], Iterator[str]]
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)

# Packages whose face lies below some of what is in them: onemind's holds the version, ui's what
# every page needs. Those who may not import it all the same lie below it.
LOW_FACES = {"onemind": (), "onemind.ui": ("onemind.ui.base",)}
# Packages without an `__all__`. Of base, onemind.ui says what others may have.
FACELESS = {"onemind", "onemind.ui.base"}
FILE_LINES = {"onemind": 400, "pages": 60, "dashboard": 60, "tests": 500}
FUNCTION_LINES = 30
MODULES = 14
# ui/explore mirrors the pages: one module or more for each of them.
MODULES_OF = {"onemind/ui/explore": 17}
LINKING = {"onemind/ui/base/links.py", "onemind/ui/shell/script.py"}
VAGUE = {
    *("common", "handler", "handlers", "helper", "helpers", "manager", "managers"),
    *("process", "service", "services", "util", "utils"),
}
APP = ("onemind", "pages", "dashboard")
CODE = (*APP, "tests", "bench")

STAR = re.compile(r"\bselect(\s+distinct)?\s*\*|,\s*\*|[a-z_]\w*\"?\.\*|\bcolumns\s*\(\s*\*", re.I)
SQL = re.compile(
    r"\s*(select\b.+\bfrom\b|insert\s+into\b|delete\s+from\b|update\b.+\bset\b"
    r"|with\b.+\bas\s*\(|(create|drop|alter)\s+(table|view)\b)",
    re.I | re.S,
)
# Places that mean something on one machine only. The patterns do not match themselves.
ELSEWHERE = re.compile(
    r"\.\./shared|(?<![\w.])/(?:work|root)/|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)"
    r"|(?:deb|security)\.debian\.org|archive\.ubuntu\.com|proxy\.golang\.org|crates\.io"
)


@cache
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


def modules(sources: Sources, tops: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    """The Python files under the folders named (or, as `dashboard`, at the top), parsed."""
    for path, text in sources.items():
        if path.endswith(".py") and path.removesuffix(".py").split("/")[0] in tops:
            yield path, parsed(text)


def package_of(path: str) -> str:
    """`onemind.store` for onemind/store/lake.py, and for its `__init__.py`."""
    return path.rpartition("/")[0].replace("/", ".")


def module_of(path: str) -> str:
    """`onemind.store.lake`; `onemind.store.__init__` for the file of a package."""
    return path.removesuffix(".py").replace("/", ".")


def home_of(path: str) -> str:
    """The package of onemind, or the module right in it; else the top folder, or `dashboard`."""
    parts = path.removesuffix(".py").split("/")
    return parts[1] if parts[0] == "onemind" and len(parts) > 1 else parts[0]


def imports(path: str, tree: ast.Module) -> Iterator[str]:
    """Every dotted name a file imports, wherever it does, relative ones made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.split("/")[: -node.level] if node.level else []
            base = [*package, *filter(None, [node.module])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def names_used(tree: ast.Module) -> Iterator[str]:
    """Attributes read, and names imported from a module: `environ` for os.environ."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION):
            yield node


def meant(name: str, known: set[str]) -> str | None:
    """The module that a dotted name is, or is taken from."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = ".".join(parts[:end])
        for found in (module, f"{module}.__init__"):
            if found in known:
                return found
    return None


def ties(sources: Sources) -> Iterator[tuple[str, str, str]]:
    """Each import from onemind to onemind: the path, its module, the module it imports."""
    files = list(modules(sources, ("onemind",)))
    known = {module_of(path) for path, _ in files}
    for path, tree in files:
        own = module_of(path)
        others = {meant(name, known) for name in imports(path, tree)}
        yield from ((path, own, other) for other in sorted(filter(None, others - {own})))


def faces(sources: Sources) -> dict[str, set[str] | None]:
    """The packages of onemind: what `__all__` of each lists; None where there is no such list."""
    files = modules(sources, ("onemind",))
    return {package_of(p): face(tree) for p, tree in files if p.endswith("/__init__.py")}


def face(tree: ast.Module) -> set[str] | None:
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return set(ast.literal_eval(node.value))
    return None


# --- the rules ------------------------------------------------------------------------------------


def no_module_imports_its_own_face(sources: Sources) -> Iterator[str]:
    for path, own, other in ties(sources):
        package = other.removesuffix(".__init__")
        inside = package != other and own.startswith(f"{package}.")
        if inside and own.startswith(LOW_FACES.get(package, package)):
            yield f"{path} imports {package}, which imports it: import the module instead"


def packages_have_a_face(sources: Sources) -> Iterator[str]:
    known = faces(sources)
    for package in sorted({package_of(path) for path, _ in modules(sources, ("onemind",))}):
        start = f"{package.replace('.', '/')}/__init__.py"
        if package not in known:
            yield f"{start} is missing: say there what the package is, and list what others may use"
        elif known[package] is None and package not in FACELESS:
            yield f"{start} has no __all__: list what others may use"


def packages_are_met_by_their_face(sources: Sources) -> Iterator[str]:
    known = faces(sources)
    for path, tree in modules(sources, (*APP, "data")):
        for name in imports(path, tree):
            if inner := behind_a_face(package_of(path), name, known):
                package, _, hidden = inner.rpartition(".")
                yield f"{path} imports {name}, but {hidden} is not in __all__ of {package}"


def behind_a_face(home: str, name: str, known: Mapping[str, set[str] | None]) -> str | None:
    """The first part of a dotted name that its package does not show to files in `home`."""
    parts, near = name.split("."), home.split(".")
    differ = (at for at, (a, b) in enumerate(zip(parts, near, strict=False)) if a != b)
    shared = next(differ, min(len(parts), len(near)))
    for end in range(shared + 1, len(parts)):
        package = ".".join(parts[:end])
        if package not in known:  # a module: what is in it is free
            return None
        shown = known[package]
        if package not in FACELESS and parts[end] not in (shown or ()):
            return f"{package}.{parts[end]}"
    return None


def pages_use_streamlit_only(sources: Sources) -> Iterator[str]:
    """The libraries of onemind's packages have their owners in pyproject.toml."""
    for path, tree in modules(sources, ("pages", "dashboard")):
        for library in sorted({name.split(".")[0] for name in imports(path, tree)}):
            if library not in {*sys.stdlib_module_names, "onemind", "streamlit"}:
                yield f"{path} imports {library}: pages use streamlit and onemind only"


def pages_lie_one_level_down(sources: Sources) -> Iterator[str]:
    """Streamlit serves a file right in pages/ without running dashboard.py first."""
    for path, _ in modules(sources, ("pages",)):
        if path.count("/") == 1:
            yield f"{path} lies right in pages/: move it into a folder there"


def files_stay_small(sources: Sources) -> Iterator[str]:
    for path, _ in modules(sources, tuple(FILE_LINES)):
        lines = len(sources[path].splitlines())
        limit = FILE_LINES[path.removesuffix(".py").split("/")[0]]
        if lines > limit:
            yield f"{path} has {lines} lines, and {limit} is the most: split it by noun"


def functions_stay_small(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        for function in functions(tree):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{path}: {function.name} has {lines} lines, and {FUNCTION_LINES} is the most"


def packages_stay_small(sources: Sources) -> Iterator[str]:
    held: dict[str, int] = defaultdict(int)
    for path, _ in modules(sources, ("onemind",)):
        held[path.rpartition("/")[0]] += not path.endswith("/__init__.py")
    for folder, count in held.items():
        limit = MODULES_OF.get(folder, MODULES)
        if count > limit:
            yield f"{folder} holds {count} modules, and {limit} is the most: split it by noun"


def the_page_is_set_up_in_one_place(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        if home_of(path) not in {"dashboard", "ui"} and "set_page_config" in names_used(tree):
            yield f"{path} calls st.set_page_config: only dashboard.py and ui do"


def pages_are_linked_in_one_place(sources: Sources) -> Iterator[str]:
    """Streamlit ends a page that links to one its viewer may not open: ui.links look first."""
    for path, tree in modules(sources, APP):
        if path not in LINKING:
            for name in sorted({"page_link", "switch_page"} & set(names_used(tree))):
                yield f"{path} calls st.{name}: use ui.links, which looks whether one may go"


def models_name_their_columns(sources: Sources) -> Iterator[str]:
    for path, text in sources.items():
        if path.startswith("onemind/metrics/models/") and path.endswith(".sql"):
            bare = re.sub(r"--[^\n]*|/\*.*?\*/|'[^']*'", " ", text, flags=re.S)
            if found := STAR.search(bare):
                yield f"{path} has '{found.group()}': name the columns"


def what_is_public_has_a_docstring(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, ("onemind",)):
        if not ast.get_docstring(tree):
            yield f"{path} has no docstring: say in one sentence what it promises"
        for node in tree.body:
            if (
                isinstance(node, FUNCTION)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                yield f"{path}: {node.name} has no docstring"


def names_are_nouns_of_the_field(sources: Sources) -> Iterator[str]:
    for path, _ in modules(sources, CODE):
        if vague := VAGUE & set(re.split(r"[/_.]", path)):
            yield f"{path} is named {sorted(vague)}: name it after what it holds"


def no_name_repeats_its_package(sources: Sources) -> Iterator[str]:
    for path, _ in modules(sources, ("onemind",)):
        parts = path.split("/")
        for package, name in pairwise(parts):
            if name.startswith(f"{package}_"):
                yield f"{path}: {name} repeats {package}, which it lies in"


def pages_compose_no_sql(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, ("pages", "dashboard")):
        for text in composed(tree):
            # "Select a town from the list" is a sentence; keywords are of one case.
            verb = text.split(maxsplit=1)[:1]
            if SQL.match(text) and (verb[0].islower() or verb[0].isupper()):
                yield f"{path} puts SQL together ({text.strip()[:30]!r}): SQL lives in onemind"


def composed(tree: ast.Module) -> Iterator[str]:
    """The literal parts of each text put together: f-strings, %, + and .format()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "?".join(literals(node))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            yield from literals(node.left)
        elif isinstance(node, ast.Attribute) and node.attr == "format":
            yield from literals(node.value)


def literals(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def nothing_points_elsewhere(sources: Sources) -> Iterator[str]:
    for path, text in sources.items():
        for found in ELSEWHERE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{line} names {found.group()}, which is nothing to whoever reads it"


RULES: tuple[Rule, ...] = (
    no_module_imports_its_own_face,
    packages_have_a_face,
    packages_are_met_by_their_face,
    pages_use_streamlit_only,
    pages_lie_one_level_down,
    files_stay_small,
    functions_stay_small,
    packages_stay_small,
    the_page_is_set_up_in_one_place,
    pages_are_linked_in_one_place,
    models_name_their_columns,
    what_is_public_has_a_docstring,
    names_are_nouns_of_the_field,
    no_name_repeats_its_package,
    pages_compose_no_sql,
    nothing_points_elsewhere,
)
