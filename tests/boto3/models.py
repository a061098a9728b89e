"""Botocore's models of AWS's APIs as judges: does a request, an answer or an error have its shape?

Complaints are texts that name the member. Everything is checked that the models know: members, required
members, types, lengths, bounds, patterns and enums.
"""

import functools
import json
import urllib.parse
from xml.etree import ElementTree

import botocore.session
import regex

# The services' words in recordings and `sandbox operations`, and botocore's.
BOTOCORE_NAMES = {
    "access-analyzer": "accessanalyzer",
    "accessanalyzer": "accessanalyzer",
    "account": "account",
    "cloudformation": "cloudformation",
    "config": "config",
    "ec2": "ec2",
    "guardduty": "guardduty",
    "iam": "iam",
    "identitystore": "identitystore",
    "kms": "kms",
    "organizations": "organizations",
    "s3control": "s3control",
    "securityhub": "securityhub",
    "ssm": "ssm",
    "sso": "sso",
    "sso-admin": "sso-admin",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
    "resourcegroupstaggingapi": "resourcegroupstaggingapi",
}


@functools.cache
def service(name):
    """The model of a service."""
    return botocore.session.get_session().get_service_model(BOTOCORE_NAMES[name])


def check(shape, value, path=""):
    """All that is wrong with a value of a shape."""
    return list(_check(shape, value, path or shape.name))


def _check(shape, value, path):
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{path}: {value!r} is no structure"
            return
        for name in shape.required_members:
            if name not in value:
                yield f"{path}.{name}: is required and missing"
        for name, member in value.items():
            if name not in shape.members:
                yield f"{path}.{name}: is no member of {shape.name}"
            elif member is None:
                yield f"{path}.{name}: is null, and an absent member is left out"
            else:
                yield from _check(shape.members[name], member, f"{path}.{name}")
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
            return
        yield from _bounds(shape, len(value), path)
        for index, item in enumerate(value):
            yield from _check(shape.member, item, f"{path}[{index}]")
    elif kind == "map":
        if not isinstance(value, dict):
            yield f"{path}: {value!r} is no map"
            return
        for key, item in value.items():
            yield from _check(shape.key, key, f"{path}[{key!r}]")
            yield from _check(shape.value, item, f"{path}[{key!r}]")
    elif kind == "string":
        if not isinstance(value, str):
            yield f"{path}: {value!r} is no string"
            return
        yield from _bounds(shape, len(value), path)
        if shape.enum and value not in shape.enum:
            yield f"{path}: {value!r} is not one of {', '.join(shape.enum)}"
        pattern = shape.metadata.get("pattern")
        if pattern and not regex.search(pattern, value):
            yield f"{path}: {value!r} does not match {pattern}"
    elif kind in ("integer", "long"):
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{path}: {value!r} is no whole number"
            return
        yield from _bounds(shape, value, path)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{path}: {value!r} is no boolean"
    elif kind == "timestamp":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{path}: {value!r} is no number of seconds"
    else:
        yield f"{path}: no rule for the type {kind}"


def _bounds(shape, size, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{path}: {size} is below {least}"
    if most is not None and size > most:
        yield f"{path}: {size} is above {most}"


def answer(service_name, operation, body):
    """All that is wrong with the body of a good answer."""
    model = service(service_name).operation_model(operation)
    shape = model.output_shape
    text = body.decode() if isinstance(body, bytes) else body
    protocol = model.metadata["protocol"]
    if protocol == "query":
        value, complaints = _from_xml_answer(operation, shape, text)
    elif protocol == "ec2":
        value, complaints = _from_ec2_answer(operation, shape, text)
    elif protocol == "rest-xml":
        value, complaints = _from_rest_xml_answer(shape, text), []
    elif protocol == "rest-json":
        value, complaints = _from_rest_json(shape, json.loads(text or "{}")), []
    else:
        value, complaints = json.loads(text or "{}"), []
    if shape is None:
        return complaints + [f"{operation}: answers {text!r} and has no output"] * bool(value)
    return complaints + check(shape, value, operation)


def error(service_name, operation, body, headers):
    """The shape name of an error and all that is wrong with its body."""
    model = service(service_name).operation_model(operation)
    text = body.decode() if isinstance(body, bytes) else body
    if model.metadata["protocol"] in ("query", "ec2", "rest-xml"):
        code = ElementTree.fromstring(text).findtext(".//{*}Code") or ""
        return _error_name(model, code), []
    value = json.loads(text)
    code = value.pop("__type", headers.get("x-amzn-errortype", "")).rsplit("#", 1)[-1].split(":")[0]
    shape = next((shape for shape in model.error_shapes if shape.name == code), None)
    if shape is None:
        return code, []
    known = {name.lower(): name for name in shape.members}
    value = {known.get(name.lower(), name): member for name, member in value.items()}
    # AWS explains every error, also those whose shape has no member for it.
    if "message" not in known:
        value.pop("message", None)
    return code, check(shape, value, f"{operation}/{code}")


def _error_name(model, code):
    for shape in model.error_shapes:
        if code in (shape.name, shape.metadata.get("error", {}).get("code")):
            return shape.name
    return code


def request(service_name, operation, body):
    """All that is wrong with a recorded request."""
    model = service(service_name).operation_model(operation)
    shape = model.input_shape
    protocol = model.metadata["protocol"]
    if protocol in ("query", "ec2"):
        form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        complaints = []
        if form.pop("Action", None) != operation:
            complaints.append(f"{operation}: the form names another action")
        if form.pop("Version", None) != service(service_name).metadata["apiVersion"]:
            complaints.append(f"{operation}: the form names another version of the API")
        if shape is None:
            return complaints + [f"{operation}: takes no input and is given {form}"] * bool(form)
        value = _from_ec2_form(shape, form) if protocol == "ec2" else _from_form(shape, form)
        return complaints + check(shape, value, operation)
    if protocol == "rest-xml":
        return _rest_xml_request(shape, body, operation)
    value = json.loads(body or "{}")
    if shape is None:
        return [f"{operation}: takes no input and is given {value}"] if value else []
    return [complaint for complaint in check(shape, value, operation) if not _stands_elsewhere(shape, complaint, operation)]


def _stands_elsewhere(shape, complaint, operation):
    """Whether a complaint is about a member that stands in the path, the query or a header: those are not recorded."""
    elsewhere = [
        name
        for name, member in shape.members.items()
        if member.serialization.get("location") in ("uri", "querystring", "header")
    ]
    return any(complaint == f"{operation}.{name}: is required and missing" for name in elsewhere)


def _rest_xml_request(shape, body, operation):
    """All that is wrong with the payload of a request of S3's kind."""
    payload = shape.serialization.get("payload")
    value = {payload: _from_xml(shape.members[payload], ElementTree.fromstring(body))} if payload and body else {}
    return [complaint for complaint in check(shape, value, operation) if not _stands_elsewhere(shape, complaint, operation)]


def _from_ec2_form(shape, form):
    """A form of EC2's: names begin with a capital letter, and lists are numbered right behind their names."""

    def wire(name, member):
        name = member.serialization.get("queryName") or member.serialization.get("name", name)
        return name[:1].upper() + name[1:]

    names = {wire(name, member): name for name, member in shape.members.items()}
    value, parts = {}, {}
    for field, text in form.items():
        head, _, rest = field.partition(".")
        name = names.get(head)
        member = shape.members[name] if name else None
        if member is None:
            value[field] = text
        elif member.type_name in ("list", "structure"):
            parts.setdefault(name, {})[rest] = text
        else:
            value[name] = _scalar(member, text)
    for name, fields in parts.items():
        member = shape.members[name]
        if member.type_name == "structure":
            value[name] = _from_ec2_form(member, fields)
            continue
        items = {}
        for field, text in fields.items():
            index, _, rest = field.partition(".")
            items.setdefault(int(index), {})[rest] = text
        values = [items[index] for index in sorted(items)]
        if member.member.type_name == "structure":
            value[name] = [_from_ec2_form(member.member, item) for item in values]
        else:
            value[name] = [_scalar(member.member, item.get("")) for item in values]
    return value


def _from_form(shape, form):
    """A form with `A.member.1.B` names as the structure it stands for; what fits nothing is kept as it is."""
    value = {}
    for name, text in form.items():
        head, _, rest = name.partition(".")
        member = shape.members.get(head)
        if member is None:
            value[name] = text
        elif member.type_name in ("list", "structure"):
            value.setdefault(head, {})[rest] = text
        else:
            value[head] = _scalar(member, text)
    for name, member in shape.members.items():
        if name in value and member.type_name == "list":
            value[name] = _list_from_form(member, value[name])
        elif name in value and member.type_name == "structure":
            value[name] = _from_form(member, value[name])
    return value


def _list_from_form(shape, parts):
    items = {}
    if list(parts) == [""]:  # an empty list is its bare name
        return []
    for name, text in parts.items():
        _, index, *rest = name.split(".", 2)
        items.setdefault(int(index), {})[rest[0] if rest else ""] = text
    values = [items[index] for index in sorted(items)]
    if shape.member.type_name == "structure":
        return [_from_form(shape.member, value) for value in values]
    return [_scalar(shape.member, value.get("")) for value in values]


def _from_xml_answer(operation, shape, text):
    root = ElementTree.fromstring(text)
    complaints = []
    if _local(root) != f"{operation}Response":
        complaints.append(f"{operation}: the answer is wrapped in {_local(root)}")
    wrapper = (shape.serialization.get("resultWrapper") if shape is not None else None) or f"{operation}Result"
    result = next((child for child in root if _local(child) == wrapper), None)
    if next((child for child in root if _local(child) == "ResponseMetadata"), None) is None:
        complaints.append(f"{operation}: the answer has no ResponseMetadata")
    if result is None:
        return {}, complaints + [f"{operation}: the answer has no {wrapper}"] * bool(shape is not None)
    return _from_xml(shape, result), complaints


def _from_ec2_answer(operation, shape, text):
    root = ElementTree.fromstring(text)
    complaints = []
    if _local(root) != f"{operation}Response":
        complaints.append(f"{operation}: the answer is wrapped in {_local(root)}")
    request_id = next((child for child in root if _local(child) == "requestId"), None)
    if request_id is None:
        return {}, complaints + [f"{operation}: the answer has no requestId"]
    root.remove(request_id)
    if shape is None:
        told = [(_local(child), child.text) for child in root]
        return {}, complaints + [f"{operation}: answers {told} and has no output"] * (told != [("return", "true")])
    return _from_xml(shape, root), complaints


def _from_rest_json(shape, value):
    """An answer by the names of its members, which have others on the wire; what fits nothing is kept as it is."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        named = {names.get(name, name): member for name, member in value.items()}
        return {
            name: _from_rest_json(shape.members.get(name), member) for name, member in named.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_from_rest_json(shape.member, item) for item in value]
    if shape.type_name == "timestamp" and isinstance(value, str):
        return _scalar(shape, value)
    return value


def _from_rest_xml_answer(shape, text):
    """The answer's payload; of these operations each that answers at all has one."""
    if shape is None:
        return text
    payload = shape.serialization["payload"]
    return {payload: _from_xml(shape.members[payload], ElementTree.fromstring(text))}


def _from_xml(shape, element):
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        value = {}
        for child in element:
            name = names.get(_local(child), _local(child))
            member = shape.members.get(name)
            value[name] = child.text if member is None else _from_xml(member, child)
        return value
    if shape.type_name == "list":
        return [_from_xml(shape.member, child) for child in element]
    return _scalar(shape, element.text or "")


def _scalar(shape, text):
    """A text as its type, where it is written as that type is; else the text, which is then complained of."""
    if shape.type_name in ("integer", "long") and regex.fullmatch(r"-?\d+", text):
        return int(text)
    if shape.type_name == "boolean" and text in ("true", "false"):
        return text == "true"
    if shape.type_name == "timestamp" and regex.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text):
        return 0.0
    return text


def _local(element):
    return element.tag.rsplit("}", 1)[-1]
