"""The house rules, read from the code itself. test_packages.py sees that they hold, and can fail.

A rule is a function from sources (path -> text) to sentences, one for each place that breaks it.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

Sources = Mapping[str, str]
Rule = Callable[[Sources], Iterator[str]]
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)

# What lies right in a package, lowest first: each imports only from the lines above its own.
# What shares a line stands side by side. "__init__" is the file of the package itself.
ORDER = {
    "onemind": (
        *("__init__", "words", "errors", "settings", "geography", "campaign", "store", "appdb"),
        *("access", "runtime", "metrics", "doctor", "ingest", "publishing", "narrative"),
        *("drawing", "documents", "ui", "server", "cli", "__main__"),
    ),
    "onemind.ingest": ("upload", "problem", "reading", "matching", "staging", "__init__"),
    "onemind.drawing": ("palette", "charts", "maps tables", "__init__"),
    "onemind.ui": ("base", "__init__", "explore publish admin", "shell"),
    "onemind.server": (
        *("exchange", "streamlit_seams", "guard", "entrances events"),
        *("lifespan", "app", "__init__"),
    ),
}
# In order, and yet not to be imported: (who, what).
APART = {("onemind.cli", "onemind.ui")}
# Packages without an `__all__`. Of base, onemind.ui says what others may have.
FACELESS = {"onemind", "onemind.ui.base"}
# Which packages may import a library. Tests and benchmarks may import all of them.
OWNERS = {
    "argon2": {"access"},
    "authlib": {"server"},
    "duckdb": {"store"},
    "filelock": {"store"},
    "httpx2": {"server"},
    "jinja2": {"server"},
    "openpyxl": {"ingest"},
    "plotly": {"drawing"},
    "pyarrow": {"ingest"},
    "python_calamine": {"ingest"},
    "rapidfuzz": {"ingest"},
    "segno": {"ui"},
    "shapefile": {"geography"},
    "sqlalchemy": {"appdb"},
    "starlette": {"server"},
    "streamlit": {"ui", "server", "pages", "dashboard"},
    "typst": {"documents"},
    "xlsxwriter": {"documents"},
}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
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


def parting(one: str, other: str) -> tuple[str, str, str]:
    """The closest package around two modules, and what right in it each of them lies in."""
    ways = list(zip(one.split("."), other.split("."), strict=False))
    shared = next(at for at, (a, b) in enumerate(ways) if a != b)
    return ".".join(a for a, _ in ways[:shared]), *ways[shared]


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


def everything_has_its_place(sources: Sources) -> Iterator[str]:
    for path, _ in modules(sources, ("onemind",)):
        for package, order in ORDER.items():
            if module_of(path).startswith(f"{package}."):
                child = module_of(path).removeprefix(f"{package}.").split(".")[0]
                if child not in " ".join(order).split():
                    yield f"{path} has no place in {package}: say in ORDER where {child} stands"


def imports_go_one_way(sources: Sources) -> Iterator[str]:
    for path, own, other in ties(sources):
        package, mine, theirs = parting(own, other)
        rank = {name: at for at, line in enumerate(ORDER.get(package, ())) for name in line.split()}
        if {mine, theirs} <= set(rank) and rank[theirs] >= rank[mine]:
            yield f"{path} imports {other}: in {package}, {theirs} is not below {mine}"
        if (f"{package}.{mine}", f"{package}.{theirs}") in APART:
            yield f"{path} imports {other}: {mine} does without {theirs}"
    for path, tree in modules(sources, ("onemind",)):
        for name in imports(path, tree):
            if name.split(".")[0] in {"pages", "dashboard", "tests", "bench"}:
                yield f"{path} imports {name}, which stands on top of onemind"


def imports_make_no_circle(sources: Sources) -> Iterator[str]:
    """Look at each package from inside: no circle there means none between modules anywhere."""
    graphs: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for _, own, other in ties(sources):
        package, mine, theirs = parting(own, other)
        graphs[package][mine].add(theirs)
    for package, graph in graphs.items():
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as circle:
            yield f"in {package}, these import each other: {' -> '.join(circle.args[1])}"


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


def a_library_has_one_owner(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        for library in sorted({name.split(".")[0] for name in imports(path, tree)}):
            if library in OWNERS and home_of(path) not in OWNERS[library]:
                yield f"{path} imports {library}, which belongs to {sorted(OWNERS[library])}"


def only_settings_read_the_environment(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        if home_of(path) != "settings" and ENVIRONMENT & set(names_used(tree)):
            yield f"{path} touches the environment: only onemind/settings.py does"


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
    everything_has_its_place,
    imports_go_one_way,
    imports_make_no_circle,
    packages_have_a_face,
    packages_are_met_by_their_face,
    a_library_has_one_owner,
    only_settings_read_the_environment,
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
