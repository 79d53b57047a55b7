//! Classes of actions: names that no Action element tells apart.
//!
//! There are the actions that AWS publishes, each of which is looked at, and all others: a name
//! that nobody published yet, or no longer. Policies decide those too, so an Allow with `NotAction`
//! shows its open end. Names compare without case (M-1).

mod named;

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use iamsure_core::decision::distinction;
use iamsure_core::language::{ActionName, ActionPattern};
use iamsure_reference::{
    ACTION_COUNT, Action, ActionSet, action, actions, example_resource, expand,
};
use rustc_hash::FxHashMap;

use super::text::{Span, Symbol, TextPattern, text_classes};
use crate::bits::Bits;
use crate::budget::{Budget, TooComplex};

/// Actions that everything asked about actions answers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionClass {
    /// The lists, by number, that name them.
    pub(crate) listed: Bits,
    /// One of them; a published one, if there is any.
    pub(crate) witness: ActionName,
    /// How many of them are published.
    pub published: usize,
    /// The published ones, in order, if they are [`FEW`] or less.
    pub(crate) few: Vec<Action>,
    /// One of them that is not published, if there may be any.
    pub(crate) unpublished: Option<ActionName>,
    example: OnceLock<Option<String>>,
}

impl ActionClass {
    /// A class of which only one action is known yet.
    const fn of(listed: Bits, witness: ActionName) -> Self {
        Self {
            listed,
            witness,
            published: 0,
            few: Vec::new(),
            unpublished: None,
            example: OnceLock::new(),
        }
    }

    /// A resource that the witness is about, where AWS publishes the format.
    pub(crate) fn example(&self) -> Option<&str> {
        self.example.get_or_init(|| example_resource(self.witness.as_str())).as_deref()
    }
}

/// Up to how many members a class lists.
pub(crate) const FEW: usize = 6;

/// The classes of actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionClasses {
    /// The classes.
    pub classes: Vec<ActionClass>,
    /// The class of each published action, by its index.
    class_of: Vec<u32>,
}

impl ActionClasses {
    /// The published actions of some classes.
    pub(crate) fn members(&self, classes: &Bits) -> ActionSet {
        let in_class = |of: &u32| classes.contains(*of as usize);
        let members =
            actions().zip(&self.class_of).filter(|(_, of)| in_class(of)).map(|(action, _)| action);
        members.collect()
    }

    /// The class of a published action; `None` if that was not looked at.
    pub(crate) fn class_of(&self, action: Action) -> Option<usize> {
        let class = self.class_of.get(action.index()).filter(|class| **class != u32::MAX)?;
        Some(*class as usize)
    }
}

/// The classes of actions that the lists tell apart. Only those on the list with the number `scope` matter, if one is
/// given: where it names actions one by one, no other is looked at.
///
/// # Errors
/// If it takes more than the budget.
pub(crate) fn action_classes(
    lists: &[Vec<ActionPattern>],
    scope: Option<usize>,
    budget: Budget,
) -> Result<ActionClasses, TooComplex> {
    let one_by_one = |list: &Vec<ActionPattern>| {
        list.iter().map(|pattern| ActionName::parse(pattern.as_str()).ok()).collect()
    };
    let scope: Option<Vec<ActionName>> =
        scope.and_then(|scope| lists.get(scope)).and_then(one_by_one);
    if let Some(names) = scope {
        return Ok(named::classes_of(lists, &names));
    }
    let names: Vec<Cow<'_, Names>> = lists.iter().map(|list| Names::of(list)).collect();
    let mut published = published_classes(&names);
    let mut places: FxHashMap<Bits, usize> = published
        .classes
        .iter()
        .enumerate()
        .map(|(place, class)| (class.listed.clone(), place))
        .collect();
    for (listed, witness) in unpublished_classes(lists, &names, budget)? {
        let place = *places.entry(listed.clone()).or_insert_with(|| {
            published.classes.push(ActionClass::of(listed, witness.clone()));
            published.classes.len() - 1
        });
        if let Some(class) = published.classes.get_mut(place) {
            class.unpublished = Some(witness);
        }
    }
    Ok(published)
}

/// A list of patterns, looked up: which published actions it names, and which patterns unpublished names
/// may match.
#[derive(Clone)]
struct Names {
    published: ActionSet,
    /// None if every name does.
    open: Vec<TextPattern>,
    is_every: bool,
}

impl Names {
    /// The lists of the rules of combination are those of most policies: they are looked up once.
    fn of(list: &[ActionPattern]) -> Cow<'static, Self> {
        let rule = RULES.lists.iter().position(|known| known == list);
        match rule.and_then(|rule| RULES.names.get(rule)) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(Self::new(list)),
        }
    }

    fn new(list: &[ActionPattern]) -> Self {
        let mut names = Self {
            published: ActionSet::new(),
            open: Vec::new(),
            is_every: list.iter().any(ActionPattern::is_every),
        };
        if names.is_every {
            return names;
        }
        for pattern in list {
            let text = pattern.as_str();
            if text.contains(['*', '?']) {
                names.published.extend(expand(text));
            } else if let Some(action) = action(text).known() {
                names.published.insert(action);
                continue;
            }
            names.open.extend(text_pattern(pattern));
        }
        names
    }
}

/// What the rules of combination ask of the actions of every policy.
///
/// It depends on no policy, so it is worked out once: the lists, what they name, and each combination of them
/// that an unpublished name is on, with such a name.
struct Rules {
    lists: Vec<Vec<ActionPattern>>,
    names: Vec<Names>,
    /// `None` if that is over the usual budget, which it is not.
    unpublished: Option<Vec<(Bits, ActionName)>>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let lists: Vec<Vec<ActionPattern>> = distinction::of_all_actions()
        .into_iter()
        .map(|list| list.into_iter().map(ActionPattern::new).collect())
        .collect();
    let names: Vec<Names> = lists.iter().map(|list| Names::new(list)).collect();
    let patterns: Vec<&[TextPattern]> = names.iter().map(|names| names.open.as_slice()).collect();
    let unpublished = open_classes(&patterns, Budget::default()).ok();
    Rules { lists, names, unpublished }
});

/// Splits the published actions by one list after the other. Only actions on some list are ever
/// looked at: all others stay in the first class.
fn published_classes(lists: &[Cow<'_, Names>]) -> ActionClasses {
    let mut class_of = vec![0_u32; ACTION_COUNT];
    let mut found: Vec<(Bits, usize)> = vec![(Bits::new(), ACTION_COUNT)];
    let mut of_all = Bits::new();
    let mut touched = ActionSet::new();
    for (at, names) in lists.iter().enumerate() {
        if names.is_every {
            of_all.insert(at);
            continue;
        }
        let named = &names.published;
        let mut moved: FxHashMap<u32, u32> = FxHashMap::default();
        for action in named.iter() {
            let Some(of) = class_of.get_mut(action.index()) else { continue };
            let target = *moved.entry(*of).or_insert_with(|| {
                let mut listed =
                    found.get(*of as usize).map(|(listed, _)| listed.clone()).unwrap_or_default();
                listed.insert(at);
                found.push((listed, 0));
                u32::try_from(found.len() - 1).unwrap_or(u32::MAX)
            });
            for (class, gain) in [(*of, false), (target, true)] {
                if let Some((_, count)) = found.get_mut(class as usize) {
                    *count = if gain { *count + 1 } else { count.saturating_sub(1) };
                }
            }
            *of = target;
        }
        touched = touched.union(named);
    }
    // The classes that were not emptied, with their members where those are few.
    let mut numbers: Vec<Option<u32>> = vec![None; found.len()];
    let mut classes: Vec<ActionClass> = Vec::new();
    let untouched = actions().find(|action| !touched.contains(*action));
    for action in untouched.into_iter().chain(touched.iter()) {
        let Some(of) = class_of.get(action.index()).copied() else { continue };
        let Some(number) = numbers.get_mut(of as usize) else { continue };
        if number.is_none()
            && let Some((listed, count)) = found.get(of as usize)
            && let Ok(witness) = ActionName::parse(action.name())
        {
            *number = u32::try_from(classes.len()).ok();
            let class = ActionClass::of(listed.union(&of_all), witness);
            classes.push(ActionClass { published: *count, ..class });
        }
        if let Some(class) = number.and_then(|number| classes.get_mut(number as usize))
            && class.published <= FEW
        {
            class.few.push(action);
        }
    }
    // The first class is that of the untouched, if there are any, and else was emptied.
    if untouched.is_some() {
        for action in touched.iter() {
            if let Some(of) = class_of.get_mut(action.index()) {
                *of = numbers.get(*of as usize).copied().flatten().unwrap_or(u32::MAX);
            }
        }
    } else {
        for of in &mut class_of {
            *of = numbers.get(*of as usize).copied().flatten().unwrap_or(u32::MAX);
        }
    }
    prefer_everyday(&mut classes, &class_of);
    ActionClasses { classes, class_of }
}

/// Makes an action that everybody knows the witness of its class.
fn prefer_everyday(classes: &mut [ActionClass], class_of: &[u32]) {
    for (action, name) in EVERYDAY.iter().rev() {
        let class = class_of.get(action.index()).and_then(|class| classes.get_mut(*class as usize));
        if let Some(class) = class {
            class.witness = name.clone();
        }
    }
}

/// Actions that everybody knows: the best examples of a class, the first of them first.
static EVERYDAY: LazyLock<Vec<(Action, ActionName)>> = LazyLock::new(|| {
    let names = [
        "s3:GetObject",
        "ec2:DescribeInstances",
        "iam:CreateUser",
        "dynamodb:GetItem",
        "lambda:InvokeFunction",
        "s3:PutObject",
        "s3:ListBucket",
        "sqs:SendMessage",
        "kms:Decrypt",
        "sts:AssumeRole",
    ];
    let known = |name| Some((action(name).known()?, ActionName::parse(name).ok()?));
    names.into_iter().filter_map(known).collect()
});

/// How many patterns there may be for readable examples to be looked for.
const MAX_HINTED: usize = 200;

/// Every combination of lists that some unpublished name is on, with such a name.
fn unpublished_classes(
    lists: &[Vec<ActionPattern>],
    names: &[Cow<'_, Names>],
    budget: Budget,
) -> Result<Vec<(Bits, ActionName)>, TooComplex> {
    let of_all: Bits =
        names.iter().enumerate().filter(|(_, names)| names.is_every).map(|(at, _)| at).collect();
    let first_rule = lists.windows(RULES.lists.len()).position(|lists| lists == RULES.lists);
    let is_rule = |at: usize| {
        first_rule.is_some_and(|first| (first..first + RULES.lists.len()).contains(&at))
    };
    let mut others = names.iter().enumerate().filter(|(at, _)| !is_rule(*at));
    let found = match (first_rule, &RULES.unpublished) {
        (Some(first), Some(known)) if others.all(|(_, names)| names.open.is_empty()) => {
            known.iter().map(|(listed, name)| (listed.raised(first), name.clone())).collect()
        }
        _ => {
            let patterns: Vec<_> = names.iter().map(|names| names.open.as_slice()).collect();
            open_classes(&patterns, budget)?
        }
    };
    Ok(found.into_iter().map(|(listed, name)| (listed.union(&of_all), name)).collect())
}

/// Every combination of lists of patterns that an unpublished name matches, with such a name.
fn open_classes(
    patterns: &[&[TextPattern]],
    budget: Budget,
) -> Result<Vec<(Bits, ActionName)>, TooComplex> {
    // `prefix:Name`, each of one character or more.
    let part = [Symbol::One(Span::Field), Symbol::Run(Span::Field)];
    let universe = TextPattern::new(part.into_iter().chain([Symbol::Char(':')]).chain(part));
    let found = text_classes(patterns, Some(&universe), budget)
        .map_err(|error| TooComplex { subject: "Action".to_owned(), ..error })?;
    let all: Vec<&TextPattern> = patterns.iter().copied().flatten().collect();
    let named_by = |text: &str| -> Bits {
        patterns
            .iter()
            .enumerate()
            .filter(|(_, patterns)| patterns.iter().any(|pattern| pattern.matches(text)))
            .map(|(at, _)| at)
            .collect()
    };
    let mut hints: FxHashMap<Bits, String> = FxHashMap::default();
    if all.len() <= MAX_HINTED {
        let readable = all.iter().map(|pattern| pattern.example("UnpublishedAction"));
        for text in readable.chain(["example:UnpublishedAction".to_owned()]) {
            hints.entry(named_by(&text)).or_insert(text);
        }
    }
    let unpublished =
        |text: &String| (!action(text).is_known()).then(|| ActionName::parse(text).ok()).flatten();
    let mut classes = Vec::with_capacity(found.len());
    for class in found {
        let hint = hints.get(&class.signature).and_then(unpublished);
        // The shortest name may be a published one; one that goes on is not.
        let longer = || {
            let text = format!("{}Unpublished", class.witness);
            (named_by(&text) == class.signature).then(|| unpublished(&text)).flatten()
        };
        if let Some(witness) = hint.or_else(|| unpublished(&class.witness)).or_else(longer) {
            classes.push((class.signature, witness));
        }
    }
    Ok(classes)
}

/// The lists that name an action.
pub(crate) fn listed_by(lists: &[Vec<ActionPattern>], name: &ActionName) -> Bits {
    lists
        .iter()
        .enumerate()
        .filter(|(_, list)| list.iter().any(|pattern| pattern.matches(name)))
        .map(|(at, _)| at)
        .collect()
}

pub(crate) fn text_pattern(pattern: &ActionPattern) -> Option<TextPattern> {
    let (prefix, _) = pattern.parts()?;
    let name = pattern.as_str().get(prefix.len() + 1..)?;
    let name = name.chars().map(|c| match c {
        '*' => Symbol::Run(Span::All),
        '?' => Symbol::One(Span::All),
        c => Symbol::char(c, true),
    });
    let prefix = prefix.chars().map(|c| Symbol::char(c, true)).chain([Symbol::Char(':')]);
    Some(TextPattern::new(prefix.chain(name)))
}
