"""Where iam-simulate and iamsure differ, and why iamsure stays as it is."""

import copy
import datetime
import re

from change import OPEN, each_clause, each_document, each_statement, held, listed, read_as, split
from difference import Class
from reading import GUIDE, always, as_2012, as_far_as_it_goes, binary_as_text, empty_is_an_element, null_set_is_present, of, of_a_set, renamed


def root_as_a_user(case):
    """Root as a user without policies: what names the account does not name it."""
    who = case["principal"]
    if who["kind"] == "root":
        return {**case, "principal": {"kind": "user", "account": who["account"], "arn": f"arn:aws:iam::{who['account']}:user/-root-"}}


def with_session_policy(case):
    if case["principal"]["kind"] == "federated-user" and "session" not in case["policies"]:
        return {**case, "policies": {**case["policies"], "session": [OPEN]}}


def session_as_gate(case):
    """A session policy as one more level of service control policies, which no grant passes by."""
    if "session" not in case["policies"]:
        return None
    made = copy.deepcopy(case)
    made["policies"]["scp"] = made["policies"].get("scp", []) + [made["policies"]["session"]]
    made["policies"]["session"] = [OPEN]
    return made


def rcp_of_any_service(case):
    """A Deny of an RCP has the force of one in the resource's own policy. STS, which asks trust policies, is covered."""
    if "rcp" not in case["policies"] or "trust" in case["policies"]:
        return None
    made = copy.deepcopy(case)
    levels = made["policies"].pop("rcp")
    document = made["policies"].setdefault("resource", {"Version": "2012-10-17", "Statement": []})
    document["Statement"] = listed(document["Statement"]) + [each for level in levels for one in level for each in listed(one["Statement"])]
    return made


def null_alone(operator, key, values, case):
    prefix, base, _ = split(operator)
    return ("Null" if base == "Null" and prefix else operator), values


def arn_in_six(value):
    return value.count(":") >= 5


def unread_arn_never_matches(operator, key, values, case):
    prefix, base, _ = split(operator)
    found = held(case, key)
    if not base.startswith("ArnNot") or found is None:
        return operator, values
    if all(arn_in_six(value) for value in listed(values) + listed(found)):
        return operator, values
    return always(False)


def typed_resource(layer, statement, document, case):
    """What stands before the first `/` or `:` is a type: wildcards and variables in it match nothing. Buckets have no type."""
    if case["resource"].startswith("arn:aws:s3:"):
        return
    for element in ("Resource", "NotResource"):
        if element in statement:
            kept = [entry for entry in listed(statement[element]) if not re.match(r"(?:[^:]*:){5}[^:/]*[*?$][^:/]*[:/]", entry)]
            if len(kept) < len(listed(statement[element])):
                statement[element] = kept or "arn:aws:none:::none"


def seconds_as_milliseconds(value):
    if isinstance(value, str) and re.fullmatch(r"\d{5,}", value):
        at = datetime.datetime.fromtimestamp(int(value) / 1000, datetime.timezone.utc)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def as_date(value):
    """Some texts that are dates in JavaScript."""
    if not isinstance(value, str):
        return value
    if found := re.fullmatch(r"(\d{4})\.(\d{1,2})", value):
        return f"{found[1]}-{int(found[2]):02}-01"
    if re.fullmatch("-[1-9]", value):
        return f"2001-0{value[1]}-01"
    if found := re.fullmatch(r"(\d{4,6})(-\d\d)?(-\d\d)?-?\*", value):
        # Years beyond our grammar are later than all others.
        return f"{found[1]}{found[2] or '-01'}{found[3] or '-01'}" if len(found[1]) == 4 else "9999-12-31"
    return value.removesuffix("z") + "Z" if value.endswith("z") else value


def known_resource(layer, statement, document, case):
    """Where its lists know a type of resource, a request for `*` is one for some resource."""
    if case["resource"] == "*" and case["action"].startswith("aws-external-anthropic:"):
        for element in ("Resource", "NotResource"):
            if element in statement:
                statement[element] = ["*" if entry.endswith("*") else entry for entry in listed(statement[element])]


def with_arn(value):
    """The first field of an ARN is not compared."""
    fields = value.split(":") if isinstance(value, str) else []
    return ":".join(["arn", *fields[1:]]) if len(fields) > 5 else value


def escapes_are_text(operator, key, values, case):
    """`${*}` under operators that know no wildcards is four characters."""
    if "Equals" not in split(operator)[1] or not split(operator)[1].startswith("String"):
        return operator, values
    return operator, [value.replace("${*}", "${$}{*}") if isinstance(value, str) else value for value in listed(values)]


def of_another_family(operator, key, values, case):
    """A negated address operator is false where only one of both addresses is of version 6."""
    prefix, base, _ = split(operator)
    found = held(case, key)
    if base != "NotIpAddress" or found is None:
        return operator, values
    versions = {":" in value for value in listed(values) + listed(found)}
    return (operator, values) if len(versions) == 1 else always(False)


def any_entry_spares(layer, statement, document, case):
    """NotPrincipal with Deny: one entry that names the caller, its role, its user or its account is enough."""
    if statement["Effect"] != "Deny" or "NotPrincipal" not in statement or "boundary" in case["policies"]:
        return
    who = case["principal"]
    links = {who.get(field) for field in ("arn", "roleArn", "userArn", "account", "service")}
    links.add(f"arn:aws:iam::{who.get('account')}:root")
    entries = {entry for found in statement.pop("NotPrincipal").values() for entry in listed(found)}
    statement["Principal"] = {"AWS": "arn:aws:iam::999999999999:root"} if entries & links else "*"


def boundary_does_not_limit(case):
    """A grant of a trust policy to the user itself passes by the boundary, but for what it denies."""
    if case["principal"]["kind"] != "user" or "trust" not in case["policies"] or "boundary" not in case["policies"]:
        return None
    made = copy.deepcopy(case)
    boundary = made["policies"]["boundary"]
    boundary["Statement"] = listed(boundary["Statement"]) + [OPEN["Statement"]]
    return made


CLASSES = (
    Class("root without its powers", ("E-27",), "The root user is denied in its own account, and an Allow of the account does not reach it.", GUIDE + "reference_policies_evaluation-logic_policy-eval-denyallow.html", change=root_as_a_user),
    Class("federated user without session policy", ("E-12",), "A federated user without a session policy has the permissions of the user.", GUIDE + "reference_policies_evaluation-logic_policy-eval-denyallow.html", change=with_session_policy),
    Class("RCP of a service that has none", ("E-23",), "A resource control policy denies for services that RCPs do not cover.", "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html", change=rcp_of_any_service),
    Class("variables in 2008 documents", ("V-1", "G-4"), "Variables are substituted in documents of version 2008-10-17 and without Version.", GUIDE + "reference_policies_elements_version.html", change=each_document(as_2012)),
    Class("set operator before Null", ("C-33",), "The set operator before Null is ignored.", GUIDE + "access-analyzer-reference-policy-checks.html", change=each_clause(null_alone)),
    Class("Null on an empty list", ("C-31",), "A key that holds an empty list, or only empty texts, is present.", GUIDE + "reference_policies_elements_condition_operators.html", change=each_clause(null_set_is_present)),
    Class("ARN that cannot be read", ("C-28", "C-29"), "A negated ARN operator is false where a value is no ARN.", GUIDE + "reference_policies_elements_condition_operators.html", change=each_clause(unread_arn_never_matches)),
    Class("wildcard in the type of a resource", ("M-11", "G-12", "V-3"), "A wildcard or variable before the first `/` or `:` of the resource part matches nothing (a variable has a colon of its own).", GUIDE + "reference_policies_elements_resource.html", change=each_statement(typed_resource)),
    Class("epoch beside ISO 8601", ("C-24",), "Seconds since 1970 are compared with the milliseconds of a date.", GUIDE + "reference_policies_elements_condition_operators.html", change=read_as(seconds_as_milliseconds, of("Date"))),
    Class("dates in other forms", ("C-24",), "`3600.5`, `-3`, `2025-01-*` and a small `z` are dates.", GUIDE + "reference_policies_elements_condition_operators.html", change=read_as(as_date, of("Date"))),
    Class("numbers read as far as they go", ("C-23",), "What follows a number is dropped.", GUIDE + "reference_policies_elements_condition_operators.html", change=read_as(as_far_as_it_goes, of("Numeric"))),
    Class("the empty text under set operators", ("C-47",), "The empty text is an element like any other: what holds nothing else is no null data set.", GUIDE + "reference_policies_condition-single-vs-multi-valued-context-keys.html", change=read_as(empty_is_an_element, of_a_set)),
    Class("Q2", ("C-29",), "A negated operator is false where a value does not parse.", "AWS does not say; so a negated operator is the opposite of the positive one everywhere", switches=("Q2=false",)),
    Class("Q3", ("V-7",), "A variable without value in NotResource: the statement does not match.", "AWS does not say of NotResource; its page says of conditions that what has no value matches nothing", switches=("Q3=no-match",)),
    Class("one entry of NotPrincipal spares", ("P-21",), "NotPrincipal with Deny spares a caller if one entry names it, its role, its user or its account; not all have to be listed.", GUIDE + "reference_policies_elements_notprincipal.html", change=each_statement(any_entry_spares)),
    Class("boundary of a user that a trust policy names", ("E-31",), "The boundary does not limit it.", GUIDE + "id_roles_update-role-trust-policy.html", change=boundary_does_not_limit),
    Class("addresses of two versions", ("C-27",), "NotIpAddress is false between an IPv4 and an IPv6 address.", GUIDE + "reference_policies_elements_condition_operators.html", change=each_clause(of_another_family)),
    Class("BinaryEquals of other texts", ("C-26",), "Texts that are no base64 are equal if they are the same.", GUIDE + "reference_policies_elements_condition_operators.html", change=each_clause(binary_as_text)),
    Class("escapes under StringEquals", ("V-5",), "`${*}` is four characters where an operator knows no wildcards.", GUIDE + "reference_policies_variables.html", change=each_clause(escapes_are_text)),
    Class("the first field of an ARN", ("C-28",), "What stands before the first colon is not compared.", GUIDE + "reference_policies_elements_condition_operators.html", change=read_as(with_arn, of("Arn"))),
    Class("GetSessionToken needs permission", ("O-1",), "`sts:GetSessionToken` is an action like any other.", "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html", change=renamed("sts:GetSessionToken", "sts:GetAccessKeyInfo")),
    Class("lists of another day", ("M-16",), "An action of the service aws-external-anthropic has a type of resource.", "the lists of 2026-10-27 have none for it ([reference](reference.md))", change=each_statement(known_resource)),
    Class("session policies limit every grant", ("E-14",), "A grant to `*`, to the session or to the federated user is limited by the session policy.", GUIDE + "reference_policies_evaluation-logic_policy-eval-denyallow.html", change=session_as_gate),
    Class("Q4", ("C-45",), "A plain operator on a multivalued key is false, also where it holds one element.", "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html", switches=("Q4=always-false",)),
    Class("Q21", ("V-7",), "A variable without value under a negated operator: no match.", GUIDE + "reference_policies_variables.html", switches=("Q21=no-match",)),
)
