"""Writes fixtures/models/<service>.limits.json: what the SDK packages do not say.

Length, range and pattern limits, widths of integers, the protocols that other clients speak, and the members that hold
a page's items come from botocore's service files. Run it where botocore is installed; the model generator reads its output.

    python3 scripts/generate/limits.py
"""

import gzip
import json
import pathlib

import botocore

# Our folder's name -> botocore's.
SERVICES = {
    "ec2": "ec2",
    "iam": "iam",
    "sts": "sts",
    "auto-scaling": "autoscaling",
    "elastic-load-balancing-v2": "elbv2",
    "cloudwatch": "cloudwatch",
    "cloudwatch-logs": "logs",
    "ssm": "ssm",
    "sns": "sns",
    "sqs": "sqs",
    "eventbridge": "events",
    "kms": "kms",
    "secrets-manager": "secretsmanager",
    "cost-explorer": "ce",
    "budgets": "budgets",
    "pricing": "pricing",
    "organizations": "organizations",
    "service-quotas": "service-quotas",
    "resource-groups-tagging-api": "resourcegroupstaggingapi",
    "cloudtrail": "cloudtrail",
}
NUMBERS = ("integer", "long", "float", "double")
OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "models"


def limits_of(shapes, name):
    """The limits of a scalar, or of a list or map of scalars; None where there are none to tell."""
    shape = shapes[name]
    kind = shape["type"]
    if kind == "structure":
        return None
    limits = {key: shape[key] for key in ("min", "max", "pattern") if key in shape}
    if kind in NUMBERS:
        limits["type"] = kind
    for part in ("member", "key", "value"):
        if kind in ("list", "map") and part in shape:
            inner = limits_of(shapes, shape[part]["shape"])
            if inner:
                limits[part] = inner
    return limits or None


def overlay(name):
    data = pathlib.Path(botocore.__file__).parent / "data" / name
    folder = sorted(data.iterdir())[-1]
    model = json.loads(gzip.open(folder / "service-2.json.gz").read())
    shapes = model["shapes"]
    structures, collections = {}, {}
    for shape_name in sorted(shapes):
        shape = shapes[shape_name]
        if shape["type"] == "structure":
            members = {m: limits_of(shapes, ref["shape"]) for m, ref in sorted(shape["members"].items())}
            members = {m: limits for m, limits in members.items() if limits}
            if members:
                structures[shape_name] = members
        elif shape["type"] in ("list", "map"):
            limits = limits_of(shapes, shape_name)
            if limits:
                collections[shape_name] = limits
    items = {}
    paginators = folder / "paginators-1.json"
    if paginators.exists():
        for operation, page in sorted(json.loads(paginators.read_text())["pagination"].items()):
            keys = page["result_key"]
            items[operation] = keys if isinstance(keys, list) else [keys]
    metadata = model["metadata"]
    return {
        "origin": f"botocore {botocore.__version__}, data/{name}/{folder.name} (https://github.com/boto/botocore)",
        "endpointPrefix": metadata["endpointPrefix"],
        "protocols": metadata["protocols"],
        "items": items,
        "structures": structures,
        "collections": collections,
    }


for service, botocore_name in SERVICES.items():
    text = overlay(botocore_name)
    lines = []
    for key, value in text.items():
        if key in ("structures", "collections"):
            rows = ",\n".join(f"{json.dumps(n)}:{json.dumps(v, separators=(',', ':'))}" for n, v in value.items())
            lines.append(f'"{key}":{{\n{rows}\n}}')
        else:
            lines.append(f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}")
    (OUT / f"{service}.limits.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
