//! The hunt for a request: the smallest one where a function over classes is yes, with few keys, a
//! published action and nothing that speaks against it; decided again by core.

use iamsure_core::decision::exemption::is_unsigned;
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{KeyState, Principal, Request};
use iamsure_reference::{Standing, action};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::background::{RULED_OUT, Reach, is_ruled_out, not_published, unsupplied};
use crate::bits::Bits;
use crate::class::plausible::misfit;
use crate::class::state::StateKind;
use crate::diagram::{FALSE, Function, TRUE};
use crate::model::caller::{OTHER_OWNER, contradiction, is_of_other_owner};
use crate::model::{Cell, Classes, Disagreement, Model, Place, Residual, Shows, View};

/// The place of the resource among the subjects.
fn resource_place(residual: &Residual) -> Option<usize> {
    let is_resource = |classes: &Classes| matches!(classes, Classes::Resources { .. });
    residual.subjects.iter().position(|subject| is_resource(&subject.classes))
}

/// How many combinations are tried before it is given up.
const TRIED: usize = 200;

/// How many actions of one class are tried for one that carries the keys of a request.
const MEMBERS: usize = 50;

/// How many combinations of one cell are tried.
const TRIED_EACH: usize = 24;

/// A request that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) request: Request,
    pub(crate) reach: Reach,
}

/// Where a request is looked for, and what it must show.
#[derive(Clone, Copy)]
struct Look<'a> {
    cell: Cell,
    residual: &'a Residual,
    function: Function,
    shows: Shows<'a>,
}

/// The search for a request.
pub(crate) struct Hunt<'a> {
    model: &'a Model,
    views: &'a [View<'a>],
}

impl<'a> Hunt<'a> {
    pub(crate) const fn new(model: &'a Model, views: &'a [View<'a>]) -> Self {
        Self { model, views }
    }

    /// A request where `wanted`, a function for each small model, is yes, and that `shows` what it must; the smallest that
    /// is found.
    ///
    /// # Errors
    /// If core decides otherwise than the model.
    pub(crate) fn find(
        &self,
        wanted: &[Function],
        shows: Shows<'_>,
    ) -> Result<Option<Found>, Box<Disagreement>> {
        let mut cells: Vec<(Cell, u8, usize)> = Vec::new();
        let mut sizes: FxHashMap<usize, usize> = FxHashMap::default();
        for cell in &self.model.cells {
            let (Some(residual), Some(function)) =
                (self.model.residuals.get(cell.residual), wanted.get(cell.residual))
            else {
                continue;
            };
            if *function == FALSE {
                continue;
            }
            let size = *sizes
                .entry(cell.residual)
                .or_insert_with(|| Sizes::of(residual).least(*function, 0));
            cells.push((*cell, self.strangeness(cell.action), size));
        }
        cells.sort_by_key(|(cell, strangeness, size)| {
            (*strangeness, *size, cell.caller, cell.action)
        });
        let mut unknown = None;
        // Of each cell, the classes of resources that are left out.
        let mut without: Vec<Bits> = vec![Bits::new(); cells.len()];
        for is_first in [true, false] {
            let mut tried = 0;
            for ((cell, ..), without) in cells.iter().zip(&mut without) {
                let (Some(residual), Some(function)) =
                    (self.model.residuals.get(cell.residual), wanted.get(cell.residual).copied())
                else {
                    continue;
                };
                // Others than those that the first time did not do.
                if !is_first && resource_place(residual).is_none() {
                    continue;
                }
                let looked = Look { cell: *cell, residual, function, shows };
                if let Some(found) = self.in_cell(looked, without, &mut tried, &mut unknown)? {
                    return Ok(Some(found));
                }
                if tried >= TRIED {
                    break;
                }
            }
        }
        Ok(unknown)
    }

    /// A request of one cell that is known to be possible; others are put into `unknown`, and the classes of resources that
    /// were tried into `without`.
    fn in_cell(
        &self,
        look: Look<'_>,
        without: &mut Bits,
        tried: &mut usize,
        unknown: &mut Option<Found>,
    ) -> Result<Option<Found>, Box<Disagreement>> {
        let Look { cell, residual, function, shows } = look;
        'walk: loop {
            let mut walk = Walk::of(residual, without);
            walk.on(function, &mut Vec::new());
            let found = walk.found;
            for classes in &found {
                *tried += 1;
                let place = Place { cell, classes: classes.clone() };
                let Some(request) = self.model.replayed(self.views, &place, shows)? else {
                    continue;
                };
                let reach = Self::reach(&request, residual);
                if reach == Reach::Reachable {
                    return Ok(Some(Found { request, reach }));
                }
                if let Some(request) = self.of_another_action(&request, &place, residual, shows) {
                    return Ok(Some(Found { request, reach: Reach::Reachable }));
                }
                let is_misfit = misfit(request.action.as_str(), &request.resource).is_some();
                unknown.get_or_insert(Found { request, reach });
                let of_resource = resource_place(residual).and_then(|at| classes.get(at));
                if let Some(class) = of_resource.filter(|_| is_misfit && *tried < TRIED) {
                    without.insert(*class);
                    continue 'walk;
                }
            }
            let of_resource = resource_place(residual);
            let tried_here = found.iter().filter_map(|classes| classes.get(of_resource?));
            tried_here.for_each(|class| {
                without.insert(*class);
            });
            return Ok(None);
        }
    }

    /// The same request of another action of its class, where that carries keys which this one never does.
    fn of_another_action(
        &self,
        request: &Request,
        place: &Place,
        residual: &Residual,
        shows: Shows<'_>,
    ) -> Option<Request> {
        unsupplied(request, &residual.open_keys())?;
        let class: Bits = std::iter::once(place.cell.action).collect();
        let members = self.model.actions.members(&class);
        let names =
            members.iter().take(MEMBERS).filter_map(|action| ActionName::parse(action.name()).ok());
        let of = |action| Request { action, ..request.clone() };
        names.map(of).find(|other| {
            Self::reach(other, residual) == Reach::Reachable
                && shows(other)
                && self.model.is_decided_alike(self.views, place, other)
        })
    }

    /// Published actions first, then those nobody published, retired ones last.
    fn strangeness(&self, class: usize) -> u8 {
        let Some(class) = self.model.actions.classes.get(class) else { return 3 };
        if class.published > 0 {
            return 0;
        }
        match action(class.witness.as_str()) {
            Standing::Retired(_) => 2,
            _ => 1,
        }
    }

    fn reach(request: &Request, residual: &Residual) -> Reach {
        if is_ruled_out(request, &residual.keys()) {
            return Reach::Unknown(RULED_OUT.to_owned());
        }
        let principal = &request.requester.principal;
        let exchanges = is_unsigned(&request.action);
        if matches!(principal, Principal::FederatedCaller { .. }) && !exchanges {
            return Reach::Unknown("a token can only start sessions".to_owned());
        }
        // O-3.
        let of_sts = request.action.prefix().eq_ignore_ascii_case("sts");
        if *principal == Principal::Anonymous && of_sts && !exchanges {
            return Reach::Unreachable(
                "STS takes no other unsigned requests than with tokens".to_owned(),
            );
        }
        if let Some(why) = misfit(request.action.as_str(), &request.resource) {
            return Reach::Unknown(why.to_owned());
        }
        // What the question gives is taken as given, as in a table.
        if let Some(why) = unsupplied(request, &residual.open_keys()) {
            return Reach::Unreachable(why);
        }
        if let Some(key) = contradiction(request) {
            return Reach::Unknown(format!("this caller would have another value of {key}"));
        }
        if is_of_other_owner(request) {
            return Reach::Unknown(OTHER_OWNER.to_owned());
        }
        if let Some(key) = untold(request) {
            return Reach::Unknown(format!("AWS does not document {key} for such a caller"));
        }
        not_published(request.action.as_str())
            .map_or(Reach::Reachable, |why| Reach::Unknown(why.to_owned()))
    }
}

/// A key with a value, of which AWS does not say what it is for the caller (8.1).
fn untold(request: &Request) -> Option<ConditionKey> {
    let told = |key: &ConditionKey| {
        let account = key.folded() == "aws:principalaccount" || key.folded() == "aws:userid";
        // Some account and some unique id every principal of an account has.
        account && request.requester.principal.account().is_some()
    };
    principal_keys(&request.requester.principal)
        .into_iter()
        .filter(|(key, state)| *state == KeyState::Unknown && !told(key))
        .map(|(key, _)| key)
        .find(|key| matches!(request.context.state(key), KeyState::Single(_) | KeyState::Multi(_)))
}

/// How much a class adds to a request: a key that is there more than one that is not.
fn size(classes: &Classes, class: usize) -> usize {
    match classes {
        Classes::States { classes, .. } => {
            classes.states.get(class).map_or(100, |state| match (&state.kind, &state.witness) {
                (_, None) => 100,
                (StateKind::Absent, _) => 0,
                (_, Some(KeyState::Single(text))) if !text.is_empty() => 2,
                _ => 3,
            })
        }
        Classes::Resources { classes, .. } => {
            classes.get(class).map_or(100, |class| if class.is_all { 4 } else { 0 })
        }
        Classes::NoYes => class,
    }
}

/// The least size of a request of each function.
struct Sizes<'a> {
    residual: &'a Residual,
    known: FxHashMap<(Function, usize), usize>,
}

impl<'a> Sizes<'a> {
    fn of(residual: &'a Residual) -> Self {
        Self { residual, known: FxHashMap::default() }
    }

    /// The least size over the subjects from `subject` on.
    fn least(&mut self, function: Function, subject: usize) -> usize {
        const NEVER: usize = usize::MAX / 2;
        if function == FALSE {
            return NEVER;
        }
        let Some(of_subject) = self.residual.subjects.get(subject) else { return 0 };
        if let Some(known) = self.known.get(&(function, subject)) {
            return *known;
        }
        let least = (0..of_subject.classes.len())
            .map(|class| {
                let child = self.residual.diagram.child(function, subject, class);
                self.least(child, subject + 1).saturating_add(size(&of_subject.classes, class))
            })
            .min()
            .unwrap_or(NEVER);
        self.known.insert((function, subject), least);
        least
    }
}

/// Walks the combinations of a function, smaller requests first.
struct Walk<'a> {
    sizes: Sizes<'a>,
    /// Classes of resources that are left out.
    without: &'a Bits,
    dead: FxHashSet<(usize, Function)>,
    found: Vec<Vec<usize>>,
}

impl<'a> Walk<'a> {
    fn of(residual: &'a Residual, without: &'a Bits) -> Self {
        let sizes = Sizes::of(residual);
        Self { sizes, without, dead: FxHashSet::default(), found: Vec::new() }
    }

    fn on(&mut self, function: Function, classes: &mut Vec<usize>) {
        let subject = classes.len();
        if function == FALSE
            || self.found.len() >= TRIED_EACH
            || self.dead.contains(&(subject, function))
        {
            return;
        }
        let residual = self.sizes.residual;
        let Some(of_subject) = residual.subjects.get(subject) else {
            if function == TRUE {
                self.found.push(classes.clone());
            }
            return;
        };
        let before = self.found.len();
        let is_resource = matches!(of_subject.classes, Classes::Resources { .. });
        let mut order: Vec<(usize, usize)> = (0..of_subject.classes.len())
            .filter(|class| !is_resource || !self.without.contains(*class))
            .map(|class| {
                let child = residual.diagram.child(function, subject, class);
                let rest = self.sizes.least(child, subject + 1);
                (rest.saturating_add(size(&of_subject.classes, class)), class)
            })
            .collect();
        order.sort_unstable();
        for (_, class) in order {
            classes.push(class);
            self.on(residual.diagram.child(function, subject, class), classes);
            classes.pop();
        }
        if self.found.len() == before {
            self.dead.insert((subject, function));
        }
    }
}
