"""Random requests with random policies, near to each other: the same seed gives the same cases.

A case is a line of `iamsure simulate --requests` (docs/formats.md): caller, action, resource, keys, policies. The
request is drawn first and the statements are built around it, so that most of them nearly match: one character
beside, one case beside, a key absent, a list in place of a text. What a peer cannot be asked is left out by its `Scope`.
"""

import dataclasses
import random

from vocabulary import (
    ACTIONS,
    CALLERS,
    FITTING,
    GLOBAL,
    KEYS,
    LAYERS,
    OPERATORS,
    OTHER,
    OWN,
    SENT,
    VALUES,
)


@dataclasses.dataclass(frozen=True)
class Scope:
    """What a peer can be asked."""

    callers: tuple = CALLERS
    layers: tuple = LAYERS
    operators: tuple = OPERATORS
    set_operators: bool = True
    across_accounts: bool = True


def some(rng, percent):
    return rng.random() * 100 < percent


def near_text(rng, text):
    """The text, or one a character beside it, or a pattern of it."""
    if not text:
        return rng.choice(("", "*", "?"))
    at = rng.randrange(len(text))
    return rng.choice(
        (
            text,
            text,
            text[:at] + "*",
            text[:at] + "?" + text[at + 1 :],
            text[:at] + "*" + text[at + 1 :],
            text[:at] + text[at].swapcase() + text[at + 1 :],
            text + "x",
            text[:-1],
        )
    )


def action_entry(rng, action):
    service, name = action.split(":")
    at = rng.randrange(len(name))
    return rng.choice(
        (
            action,
            action,
            "*",
            f"{service}:*",
            f"{service}:{name[:at]}*",
            f"{service}:{name[:at]}?{name[at + 1:]}",
            f"{service}:*{name[at:]}",
            f"{service.upper()}:{name.lower()}",
            f"{service}:{name}s",
            rng.choice(ACTIONS)[0],
        )
    )


def resource_entry(rng, resource, identity=True):
    if resource == "*" or some(rng, 15):
        return rng.choice(("*", "*", "*", "arn:aws:s3:::*", "arn:aws:s3:::red"))
    fields = resource.split(":", 5)
    last = fields[5]
    at = rng.randrange(len(last))
    draw = rng.randrange(12)
    if draw == 0 and identity:
        return ":".join(fields[: rng.randrange(3, 5)]) + rng.choice(("", "*", ":*"))
    if draw in (1, 2):
        field = rng.choice((3, 4))
        fields[field] = rng.choice(("*", fields[field][:3] + "*", "*" + fields[field][-3:], fields[field][:-1] + "?"))
        return ":".join(fields)
    if draw == 3:
        fields[5] = last.replace("red", "${aws:PrincipalTag/team}")
    elif draw == 4:
        fields[5] = last[:at] + rng.choice(("${*}", "${?}", "${aws:SourceVpce, 'red'}"))
    elif draw == 5:
        fields[5] = last.upper()
    elif draw < 10:
        fields[5] = near_text(rng, last)
    return ":".join(fields)


def condition_value(rng, key, context):
    kind, _ = KEYS.get(key, ("text", False))
    held = context.get(key)
    if isinstance(held, list):
        held = rng.choice(held) if held else None
    draw = rng.randrange(20)
    if held is not None and draw < 9:
        return held
    if held is not None and draw < 11:
        return near_text(rng, held)
    if kind in ("text", "arn", "member") and draw == 11:
        return rng.choice(("${aws:PrincipalTag/team}", "${aws:SourceVpce, 'red'}", "${aws:TagKeys}", "${?}", "*${*}"))
    return rng.choice(VALUES[kind])


def condition(rng, scope, keys, context):
    block = {}
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        key = rng.choice(keys)
        kind, multivalued = KEYS[key]
        allowed = [name for name in FITTING[kind] if name in scope.operators]
        name = rng.choice(allowed or scope.operators) if some(rng, 85) else rng.choice(scope.operators)
        if some(rng, 8) and "Null" in scope.operators:
            name = "Null"
        if name == "Null":
            values = rng.choice(("true", "false"))
        else:
            values = [condition_value(rng, key, context) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
            values = values[0] if len(values) == 1 and some(rng, 50) else sorted(set(values))
            if scope.set_operators and some(rng, 85 if multivalued else 8):
                name = rng.choice(("ForAllValues:", "ForAnyValue:")) + name
            if some(rng, 25):
                name += "IfExists"
        written = key if some(rng, 93) else key.swapcase()
        block.setdefault(name, {})
        if not any(written.lower() == other.lower() for other in block[name]):
            block[name][written] = values
    return block


def caller(rng, scope):
    kind = rng.choice([kind for kind in scope.callers for _ in range({"user": 5, "role-session": 5}.get(kind, 1))])
    if kind == "user":
        return {"kind": kind, "account": OWN, "arn": f"arn:aws:iam::{OWN}:user/red"}
    if kind == "role-session":
        role = f"arn:aws:iam::{OWN}:role/red"
        return {"kind": kind, "account": OWN, "arn": f"arn:aws:sts::{OWN}:assumed-role/red/blue", "roleArn": role}
    if kind == "federated-user":
        return {"kind": kind, "account": OWN, "arn": f"arn:aws:sts::{OWN}:federated-user/red", "userArn": f"arn:aws:iam::{OWN}:user/red"}
    if kind == "root":
        return {"kind": kind, "account": OWN}
    if kind == "service":
        return {"kind": kind, "service": "cloudtrail.amazonaws.com"}
    return {"kind": kind}


def principal_entry(rng, who):
    own = [who[field] for field in ("arn", "roleArn", "userArn") if field in who]
    others = [f"arn:aws:iam::{OWN}:user/blue", f"arn:aws:iam::{OTHER}:root", f"arn:aws:sts::{OWN}:assumed-role/red/green"]
    accounts = [OWN, f"arn:aws:iam::{OWN}:root"]
    if who["kind"] == "service" and some(rng, 70):
        return {"Service": rng.choice(("cloudtrail.amazonaws.com", "logs.amazonaws.com"))}
    draw = rng.randrange(10)
    if draw < 2:
        return "*" if draw else {"AWS": "*"}
    entries = [rng.choice(own * 3 + accounts * 2 + others) for _ in range(rng.choice((1, 1, 2)))]
    return {"AWS": entries[0] if len(entries) == 1 else sorted(set(entries))}


def statement(rng, scope, case, layer, keys):
    """One statement of a policy of this layer, near to the request."""
    effect = "Deny" if some(rng, {"scp": 50, "rcp": 100}.get(layer, 30)) else "Allow"
    made = {"Effect": effect}
    action = [action_entry(rng, case["action"]) for _ in range(rng.choice((1, 1, 2)))]
    if layer == "trust":
        action = [rng.choice(("sts:AssumeRole", "sts:*" if effect == "Deny" else "sts:AssumeRole", "sts:TagSession"))]
    if layer == "rcp":
        action = [entry if entry != "*" else case["action"] for entry in action]
    negated = some(rng, 10) and layer not in ("rcp", "trust")
    made["NotAction" if negated else "Action"] = action if len(action) > 1 else action[0]
    if layer in ("resource", "trust", "vpce", "rcp"):
        if layer == "rcp" or (layer == "vpce" and some(rng, 70)):
            made["Principal"] = "*"
        elif effect == "Deny" and layer == "resource" and some(rng, 15):
            made["NotPrincipal"] = principal_entry(rng, case["principal"])
            if made["NotPrincipal"] in ("*", {"AWS": "*"}):
                made["NotPrincipal"] = {"AWS": OWN}
        else:
            made["Principal"] = principal_entry(rng, case["principal"])
    if layer != "trust":
        short = layer in ("identity", "boundary")
        resource = [resource_entry(rng, case["resource"], short) for _ in range(rng.choice((1, 1, 2)))]
        made["NotResource" if some(rng, 10) else "Resource"] = resource if len(resource) > 1 else resource[0]
    if some(rng, 45):
        made["Condition"] = condition(rng, scope, keys, case["context"])
    return made


def policy(rng, scope, case, layer, keys, whole=False):
    statements = [statement(rng, scope, case, layer, keys) for _ in range(rng.choice((1, 1, 2, 3)))]
    if whole:
        statements.insert(0, {"Effect": "Allow", "Action": "*", "Resource": "*"})
    made = {"Version": "2012-10-17", "Statement": statements}
    if layer not in ("scp", "rcp") and some(rng, 8):
        made["Version"] = "2008-10-17"
        if some(rng, 40):
            del made["Version"]
    return made


def policies(rng, scope, case, keys):
    kind, service = case["principal"]["kind"], case["action"].split(":")[0]
    of_caller = kind in ("user", "role-session", "federated-user")
    make = lambda layer, whole=False: policy(rng, scope, case, layer, keys, whole)
    made = {}
    if of_caller:
        made["identity"] = [make("identity") for _ in range(rng.choice((1, 1, 1, 2)))]
        if "boundary" in scope.layers and some(rng, 20):
            made["boundary"] = make("boundary", some(rng, 50))
    if "session" in scope.layers and (kind == "federated-user" and some(rng, 85) or kind == "role-session" and some(rng, 25)):
        made["session"] = [make("session", some(rng, 50))]
    if case["action"] == "sts:AssumeRole" and "trust" in scope.layers:
        made["trust"] = make("trust")
    elif service == "kms" and "resource" in scope.layers:
        made["resource"] = make("resource")
    elif "resource" in scope.layers and service in ("s3", "sqs", "sns", "lambda", "secretsmanager", "dynamodb"):
        if not of_caller or case["resourceAccount"] != OWN or some(rng, 35):
            made["resource"] = make("resource")
    for layer in ("scp", "rcp"):
        if layer in scope.layers and some(rng, 15) and (layer == "rcp" or kind not in ("service", "anonymous")):
            levels = range(rng.choice((1, 1, 2)))
            made[layer] = [[make(layer, layer == "scp" and some(rng, 75))] for _ in levels]
    if "vpce" in scope.layers and kind != "service" and some(rng, 7):
        made["vpce"] = make("vpce")
        if some(rng, 50):
            made["vpce"]["Statement"].append({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
    return made


def held(rng, key):
    """What a request holds under a key."""
    kind, multivalued = KEYS[key]
    if multivalued:
        return [rng.choice(SENT[kind]) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
    return rng.choice(SENT[kind] if some(rng, 95) else VALUES[kind])


def askable(action, scope):
    """Roles and keys always have a policy of their own, which some peers cannot be given."""
    if action.startswith("kms:"):
        return "resource" in scope.layers
    return not action.startswith("sts:") or "trust" in scope.layers


def cases(seed, scope):
    """Cases without end."""
    rng = random.Random(seed)
    number = 0
    while True:
        who = caller(rng, scope)
        action, template, own_keys = rng.choice([known for known in ACTIONS if askable(known[0], scope)])
        far = scope.across_accounts and (who["kind"] in ("service", "anonymous") or some(rng, 20))
        account = OTHER if far else OWN
        resource = template.format(account=account, name=rng.choice(("red", "Red", "blue")), path=rng.choice(("red", "a/red.txt", "blue/x:y")))
        keys = rng.sample(GLOBAL, 3) + list(own_keys)
        case = {
            "id": f"{seed}-{number}",
            "principal": who,
            "action": action,
            "resource": resource,
            "resourceAccount": account,
            "context": {key: held(rng, key) for key in keys if some(rng, 65)},
        }
        case["policies"] = policies(rng, scope, case, keys)
        yield case
        number += 1
