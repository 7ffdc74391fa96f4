"""The component in wasmtime, and the fixtures of the repository as it takes them."""

import base64
import json
from pathlib import Path

from wasmtime import Engine, Store
from wasmtime.component import Component, Linker, Record, Variant

FOLDER = Path(__file__).resolve().parents[2]


class Hookproof:
    """An instance of the component; a call's names are those of the WIT.

    wasmtime hands a variant over as a `Variant` with its tag, but only where the Python types of its cases do not tell
    them apart: a built-in provider is a `str` and a described one a `Record`, and a result is its value alone.
    """

    def __init__(self):
        engine = Engine()
        self.store = Store(engine)
        component = Component.from_file(engine, str(FOLDER / "dist/hookproof.wasm"))
        # A linker that defines nothing: the component has no imports.
        self.instance = Linker(engine).instantiate(self.store, component)
        self.functions = {}

    def call(self, interface, name, *arguments):
        """What the function gives; a failure or refusal is raised."""
        function = self.functions.get((interface, name)) or self._find(interface, name)
        result = function(self.store, *arguments)
        if isinstance(result, Variant) and result.tag in ("ok", "err"):
            if result.tag == "err":
                raise Refused(result.payload)
            result = result.payload
        if isinstance(result, Variant) and result.tag in ("verification", "config", "event"):
            raise Refused(result.payload, result.tag)
        if isinstance(result, Record) and set(vars(result)) == {"code", "message"}:
            raise Refused(result)
        return result

    def _find(self, interface, name):
        outer = self.instance.get_export_index(self.store, f"hookproof:core/{interface}@0.1.0")
        function = self.instance.get_func(self.store, self.instance.get_export_index(self.store, name, outer))
        self.functions[interface, name] = function
        return function


class Refused(Exception):
    """A failure, and whose fault it is where the component tells."""

    def __init__(self, failure, fault=None):
        super().__init__(failure.message)
        self.code, self.message, self.fault = failure.code, failure.message, fault


def record(**fields):
    """A record; an underscore in a name is WIT's hyphen."""
    made = Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


def signed_by(scheme):
    """A provider of which only the signature counts."""
    match scheme["kind"]:
        case "timestamped":
            signature = Variant("timestamped", scheme["header"])
        case "standard":
            names = {name: scheme[name] for name in ("id", "timestamp", "signature")}
            signature = Variant("standard", record(**names))
        case "body":
            names = {name: scheme[name] for name in ("header", "prefix", "encoding")}
            signature = Variant("body", record(**names))
    nowhere = Variant("nowhere")
    shape = record(
        id=nowhere, kind=nowhere, created=nowhere, created_format="unix-secs", object="", object_id=None
    )
    return record(name="shop", signature=signature, shape=shape, key=None)


def headers(lines):
    return [tuple(line) for line in lines]


def read(path):
    return json.loads((FOLDER.parents[1] / "fixtures" / path).read_text(encoding="utf-8"))


def decoded(text):
    return base64.b64decode(text)
