"""Where moto's evaluator and iamsure differ. moto is a mock; its readings are no evidence of what AWS does."""

import re

from change import each_statement, listed
from difference import Class
from reading import GUIDE, unreserved

NOTHING = {"Action": "none:None", "Resource": "arn:aws:none:::none"}


def matches(entry, text):
    """Its patterns: `*` is any run, and the rest a regular expression."""
    try:
        return re.fullmatch(entry.replace("*", ".*"), text) is not None
    except re.error:
        return False


def patterns(layer, statement, document, case):
    for element, text in (("Action", case["action"]), ("NotAction", case["action"]), ("Resource", case["resource"])):
        if element in statement:
            kind = element.removeprefix("Not")
            statement[element] = ["*" if matches(entry, text) else NOTHING[kind] for entry in listed(statement[element])]


def not_resource(layer, statement, document, case):
    if statement.pop("NotResource", None):
        statement.update(Effect="Allow", Resource="*")


def conditions_of_deny(layer, statement, document, case):
    if statement["Effect"] == "Deny":
        statement.pop("Condition", None)


def one_operator(layer, statement, document, case):
    if statement["Effect"] == "Allow" and "Condition" in statement:
        found = statement.pop("Condition").get("StringEquals")
        if found:
            statement["Condition"] = {"StringEquals": found}


def mismatch_denies(layer, statement, document, case):
    """StringEquals that does not match denies, whatever resource the statement is about; absent keys are passed over, and the others move up."""
    found = statement.get("Condition", {}).get("StringEquals")
    if not found:
        return
    held = case["context"]
    values = [held[key] for key in found if key in held]
    other = any(value not in listed(wanted) for value, wanted in zip(values, found.values()))
    statement.pop("Condition")
    if other:
        statement.pop("NotResource", None)
        statement.update(Effect="Deny", Resource="*")


CLASSES = (
    Class("roles that IAM keeps", ("E-35",), "Roles below `aws-reserved` are changed like others.", "observed by others: IAM refuses", change=unreserved),
    Class("patterns are regular expressions", ("M-1", "M-2", "M-11", "M-12", "M-13", "M-14", "V-2"), "Actions and resources are held against one regular expression: case counts in actions, `?` makes the character before it optional, `.` is any, `*` crosses colons, short ARNs are not completed, variables are text.", GUIDE + "reference_policies_elements_resource.html", change=each_statement(patterns)),
    Class("NotResource is not read", ("M-18",), "NotResource matches every resource, and the statement allows, whatever its Effect.", GUIDE + "reference_policies_elements_notresource.html", change=each_statement(not_resource)),
    Class("an Allow that does not match denies", ("C-10", "R-4", "E-2", "E-3"), "The values that a request holds for the keys of StringEquals, in their order, are held against the values of the first keys, the second and so on; if one does not match the request is denied explicitly, whatever the Resource of the statement. Keys that are absent, or in another case, are passed over.", GUIDE + "reference_policies_evaluation-logic_policy-eval-denyallow.html", change=each_statement(mismatch_denies)),
    Class("a Deny has no conditions", ("E-3",), "A Deny matches whatever its Condition says.", GUIDE + "reference_policies_elements_condition.html", change=each_statement(conditions_of_deny)),
    Class("StringEquals alone is read", ("C-1",), "Operators other than StringEquals always match.", GUIDE + "reference_policies_elements_condition_operators.html", change=each_statement(one_operator)),
)
