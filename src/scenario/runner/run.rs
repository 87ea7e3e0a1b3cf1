//! One scenario from its file to its outcome.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::anyhow;

use super::scenario_runner::ScenarioRunner;
use super::show;
use crate::commands::act_on_task;
use crate::config::{self, Config, ConfigDocument, MailTo, SourceKind, StoreUrl, ValueOrigin};
use crate::domain::alert::TaskId;
use crate::domain::clock_mode::ClockMode;
use crate::domain::task::Actor;
use crate::domain::zone::Zone;
use crate::runtime::{AppError, Setup};
use crate::scenario::{
    Act, FailedExpectation, ListedItem, Scenario, ScenarioOutcome, ScenarioStep, Touched, judge,
    read_scenario,
};
use crate::small_file;
use crate::store::StoredReject;

/// A scenario that was read, with the configuration that holds in it.
pub(super) struct Ready {
    pub(super) file: PathBuf,
    pub(super) scenario: Scenario,
    setup: Setup,
    zone: Zone,
    has_own_playbooks: bool,
}

/// Reads a scenario; its `[config]` overrides everything.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn prepare(
    file: &Path,
    files: &[PathBuf],
    variables: &[(String, String)],
) -> Result<Ready, AppError> {
    let wrong = |text: String| AppError::usage(anyhow!("{text}"));
    let list = |problems: Vec<config::Problem>| {
        wrong(
            problems
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        )
    };
    let text = small_file::read_text(file)
        .map_err(|error| wrong(format!("{}: cannot be read: {error}", file.display())))?;
    let mut document = ConfigDocument::parse(file, &text).map_err(list)?;
    let top = document.take("config");
    let mut config =
        config::load_under(top, files, variables.iter().cloned()).map_err(AppError::usage)?;
    let has_own_playbooks = is_set_in(&config, "playbooks.file", file);
    stage(&mut config, file);
    let zone = config.timezone;
    let scenario = read_scenario(&document, zone);
    let setup = Setup::from_config(config);
    match (scenario, setup) {
        (Ok(scenario), Ok(setup)) => Ok(Ready {
            file: file.to_owned(),
            scenario,
            setup,
            zone,
            has_own_playbooks,
        }),
        (Err(problems), _) => Err(list(problems)),
        (_, Err(error)) => Err(wrong(format!("{}: {:#}", file.display(), error.error))),
    }
}

/// Whatever is configured for a real worker, a scenario runs in memory, by its own clock, and mails
/// nobody. Paths that it names start at its own folder.
fn stage(config: &mut Config, file: &Path) {
    config.clock.mode = ClockMode::Wall;
    config.source.kind = SourceKind::Files;
    config.source.kafka.topics = Vec::new();
    config.store.url = StoreUrl::Sqlite("unused".into());
    config.mail.kind = MailTo::Folder;
    let folder = file.parent().unwrap_or(Path::new("."));
    let own =
        ["playbooks.file", "calendar.dir", "jobs.dir"].map(|key| is_set_in(config, key, file));
    let paths = [
        &mut config.playbooks.file,
        &mut config.calendar.dir,
        &mut config.jobs.dir,
    ];
    for path in own
        .into_iter()
        .zip(paths)
        .filter_map(|(is_own, path)| path.as_mut().filter(|_| is_own))
    {
        *path = folder.join(&*path);
    }
}

fn is_set_in(config: &Config, key: &str, file: &Path) -> bool {
    matches!(config.origin(key), ValueOrigin::File { path, .. } if path == *file)
}

/// Runs a scenario up to the first step at which something does not hold.
///
/// # Errors
/// When the worker itself fails.
pub(super) fn run(ready: Ready) -> Result<(ScenarioOutcome, Touched), AppError> {
    let begun = Instant::now();
    let Ready {
        file,
        scenario,
        setup,
        zone,
        has_own_playbooks,
    } = ready;
    let mut runner = ScenarioRunner::begin(setup, scenario.begins_at)?;
    runner.deliver(&scenario.given)?;
    let mut failed =
        unexpected_rejects(&runner, &scenario)?.map(|faults| ("what is given".to_owned(), faults));
    for step in &scenario.steps {
        if failed.is_some() {
            break;
        }
        runner.pass_until(step.at)?;
        step.relay_down
            .into_iter()
            .for_each(|is_down| runner.set_relay_down(is_down));
        runner.deliver(&step.messages)?;
        let mut faults = unexpected_rejects(&runner, &scenario)?.unwrap_or_default();
        faults.extend(act_all(&mut runner, &step.acts)?);
        if faults.is_empty() {
            faults = judge_step(&runner, step, zone)?;
        }
        failed = (!faults.is_empty()).then(|| (step.place.clone(), faults));
    }
    let mut touched = show::touched(runner.worker().pipeline())?;
    if has_own_playbooks {
        // Only those of the configuration are counted.
        touched.playbooks.clear();
    }
    Ok((
        ScenarioOutcome {
            name: scenario.name,
            file,
            took: begun.elapsed(),
            failed,
        },
        touched,
    ))
}

fn judge_step(
    runner: &ScenarioRunner,
    step: &ScenarioStep,
    zone: Zone,
) -> Result<Vec<FailedExpectation>, AppError> {
    let shown = show::all(runner.worker().pipeline(), runner.now(), &step.expectations)?;
    Ok(judge(&step.expectations, &shown, zone))
}

/// Does what people do, each to the one task that is meant.
fn act_all(runner: &mut ScenarioRunner, acts: &[Act]) -> Result<Vec<FailedExpectation>, AppError> {
    for act in acts {
        if let Some(fault) = act_once(runner, act)? {
            return Ok(vec![fault]);
        }
        runner.evaluate_and_send()?;
    }
    Ok(Vec::new())
}

fn act_once(runner: &ScenarioRunner, act: &Act) -> Result<Option<FailedExpectation>, AppError> {
    let now = runner.now();
    let what = format!("somebody does `{}`", act.operation.name());
    let fault = |wrong: String, instead: Vec<String>, hint| {
        Some(FailedExpectation {
            place: act.place.clone(),
            what,
            wrong,
            instead,
            hint,
        })
    };
    let zone = runner.setup().config.timezone;
    let tasks = show::tasks(runner.store(), zone, now)?;
    let meant: Vec<&(TaskId, ListedItem)> =
        tasks.iter().filter(|(_, item)| act.means(item)).collect();
    let [(id, _)] = &meant[..] else {
        let shown = if meant.is_empty() {
            tasks.iter().collect()
        } else {
            meant.clone()
        };
        let labels = shown
            .iter()
            .map(|(_, item)| item.label().to_owned())
            .collect();
        let hint =
            Some("say more of it, e.g. its group, kind, origin or state: exactly one must be so");
        return Ok(fault(format!("fits {} tasks", meant.len()), labels, hint));
    };
    let action = match act.action() {
        Ok(action) => action,
        Err(lack) => return Ok(fault(lack.to_owned(), Vec::new(), None)),
    };
    let actor = Actor {
        manager_id: act.keys.by.clone(),
        user: Some("scenario".to_owned()),
    };
    let done = act_on_task(
        &runner.setup().plan_settings(),
        runner.store(),
        id,
        action,
        &actor,
        None,
        now,
    );
    Ok(match (done, &act.keys.refused) {
        (Ok(_), None) => None,
        (Ok(_), Some(words)) => fault(
            format!("was done, and was to be refused with `{words}`"),
            Vec::new(),
            None,
        ),
        (Err(error), Some(words)) if error.to_string().contains(words.as_str()) => None,
        (Err(error), _) => fault(format!("was refused: {error}"), Vec::new(), None),
    })
}

/// Deliveries that were rejected where the scenario expects none: mostly typing errors.
fn unexpected_rejects(
    runner: &ScenarioRunner,
    scenario: &Scenario,
) -> Result<Option<Vec<FailedExpectation>>, AppError> {
    if scenario.expects_rejects {
        return Ok(None);
    }
    let rejects = runner
        .store()
        .read_tx("list rejections", |tx| tx.rejects())?;
    let messages: Vec<_> = scenario
        .given
        .iter()
        .chain(scenario.steps.iter().flat_map(|step| &step.messages))
        .collect();
    let fault = |reject: &StoredReject| FailedExpectation {
        place: usize::try_from(reject.position)
            .ok()
            .and_then(|at| messages.get(at))
            .map_or_else(String::new, |message| message.place.clone()),
        what: "an event".to_owned(),
        wrong: format!("was rejected as {}: {}", reject.class, reject.reason),
        instead: Vec::new(),
        hint: Some(
            "if that is what it shows, expect it: [step.expect] rejects = [{ class = \"…\" }]",
        ),
    };
    let faults: Vec<FailedExpectation> = rejects.iter().map(fault).collect();
    Ok((!faults.is_empty()).then_some(faults))
}
