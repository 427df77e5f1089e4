//! A run of an export: goes on where the last one ended, and keeps what it made with the place behind it.

use jiff::SignedDuration;
use remit_billing::export::{Export, ExportPlace, ExportStep};
use remit_billing::ids::{AccountId, ExportId};
use remit_operations::facts::Facts;
use remit_operations::load;
use remit_runtime::Problem;
use remit_store::{Commit, CommitError, Versioned, keys};

use super::archive::Archives;
use super::chapters::chapters;
use super::page::Reader;
use crate::App;

/// A run takes on no further page after this time, well within the function's own limit, which is the gateway's: the event of its last
/// commit begins the next.
const RUN: SignedDuration = SignedDuration::from_secs(15);

/// Makes more of an export, until all of it is there or the time is over.
///
/// # Errors
/// 404, 500, 503: then what was kept stays, and it goes on there.
pub(crate) async fn go_on(app: &App, account: AccountId, id: ExportId) -> Result<(), Problem> {
    let until = app.ports.now() + RUN;
    let key = keys::export(account, id);
    loop {
        let before: Versioned<Export> = load::need(&app.ports.store, &key).await?;
        if !before.value.is_under_way() {
            return Ok(());
        }
        let step = step(app, &before.value, until).await?;
        let now = app.ports.now();
        let after = before.value.clone().went_on(step, now);
        // Within a run nobody has to be told that it goes on.
        let is_last = !after.is_under_way() || now >= until;
        let events = match is_last {
            true => vec![Facts::new(&app.ports, account, now).export(&after)?],
            false => Vec::new(),
        };
        let commit = Commit::new().replace(&before, &after, events);
        match app.ports.store.commit(commit).await {
            Ok(()) if is_last => return Ok(()),
            Ok(()) => {}
            // The event came twice, and the other run was faster: it goes on.
            Err(CommitError::Conflict { .. }) => return Ok(()),
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
}

/// Reads on until an archive is full, the time is over, or nothing is left.
async fn step(app: &App, export: &Export, until: jiff::Timestamp) -> Result<ExportStep, Problem> {
    let reader = Reader::of(app, export).await?;
    let chapters = chapters(export);
    let (mut at, mut after) = match export.place() {
        None => (0, None),
        Some(place) => {
            let mut names = chapters.iter().map(|chapter| chapter.name());
            let at = names.position(|name| name == place.chapter);
            let at = at.ok_or_else(|| Problem::internal("an export in a chapter of no book"))?;
            (at, place.after.clone())
        }
    };
    let mut archives = Archives::of(app, export);
    let next = loop {
        let Some(chapter) = chapters.get(at) else {
            break None;
        };
        let is_over = app.ports.now() >= until && archives.has_any();
        if is_over || archives.has_kept() {
            break Some(ExportPlace {
                chapter: chapter.name(),
                after,
            });
        }
        after = reader
            .page(chapter, after.as_deref(), &mut archives)
            .await?;
        if after.is_none() {
            at += 1;
        }
    };
    let (parts, counts) = archives.close().await?;
    Ok(ExportStep {
        parts,
        counts,
        next,
    })
}
