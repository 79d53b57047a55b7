//! Rows in fewer words.
//!
//! A row of a table that is read from the top may say more than it must: what a row above decides, and what cannot be. It is made as
//! wide as it may be, so that there are few. What it says of a subject is then as narrow as it may be, as far as that takes no more words.

use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::cover::Cube;
use crate::diagram::{Diagram, FALSE, Function};
use crate::model::Residual;
use crate::wording::describe;

/// Of a subject with more classes, what need not be said is not looked for.
const MOST: usize = 32;

/// The row with fewer classes of a subject where that takes no more words. It covers as much of `lower` as before.
pub(super) fn narrowed(
    diagram: &mut Diagram,
    residual: &Residual,
    lower: Function,
    mut cube: Cube,
) -> Result<Cube, TooComplex> {
    for place in 0..cube.0.len() {
        let covers = cube.function(diagram)?;
        let covered = diagram.and(covers, lower)?;
        let Some((subject, classes)) = cube.0.get_mut(place) else { continue };
        let asked = residual.subjects.get(*subject).map(|subject| &subject.classes);
        let Some(asked) = asked.filter(|asked| asked.len() <= MOST) else { continue };
        let mut needed = Bits::new();
        for class in classes.iter() {
            let alone = diagram.among(*subject, &std::iter::once(class).collect())?;
            if diagram.and(alone, covered)? != FALSE {
                needed.insert(class);
            }
        }
        let length = |classes: &Bits| describe(asked, classes).map(|said| said.to_string().len());
        let needless: Vec<usize> =
            classes.iter().filter(|class| !needed.contains(*class)).collect();
        let mut shortest = length(classes);
        for class in needless.into_iter().filter(|_| !needed.is_empty()) {
            let fewer: Bits = classes.iter().filter(|other| *other != class).collect();
            let of_fewer = length(&fewer);
            if of_fewer.zip(shortest).is_some_and(|(fewer, all)| fewer <= all) {
                (*classes, shortest) = (fewer, of_fewer);
            }
        }
    }
    Ok(cube)
}
