//! Progress of long work: a bar on a terminal, plain lines elsewhere, both on stderr.
//!
//! It may not know the work. Invariant: nothing goes to stdout, and elsewhere than on a terminal
//! there is at most one line every [`LINE_EVERY`]: shorter work writes nothing.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// The unit of progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProgressUnit {
    Events,
    Bytes,
    /// Rows and entries.
    Entries,
}

impl ProgressUnit {
    const fn counted(self) -> &'static str {
        match self {
            Self::Events => "{human_pos} events, {per_sec}",
            Self::Bytes => "{bytes}, {bytes_per_sec}",
            Self::Entries => "{human_pos} entries, {per_sec}",
        }
    }

    const fn counted_of(self) -> &'static str {
        match self {
            Self::Events => "{human_pos}/{human_len} events",
            Self::Bytes => "{bytes}/{total_bytes}",
            Self::Entries => "{human_pos}/{human_len} entries",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Bytes => "bytes",
            Self::Entries => "entries",
        }
    }
}

/// The progress of some work. Dropping it removes the bar.
pub(crate) struct Progress {
    what: String,
    unit: ProgressUnit,
    shown: ProgressOutput,
}

enum ProgressOutput {
    Bar(ProgressBar),
    Lines {
        to: Box<dyn Write + Send>,
        begun: Instant,
        last: Instant,
    },
}

impl Progress {
    /// Starts a progress display.
    #[must_use]
    pub(crate) fn begin(what: &str, unit: ProgressUnit) -> Self {
        let now = Instant::now();
        let shown = if std::io::stderr().is_terminal() {
            ProgressOutput::Bar(ProgressBar::no_length())
        } else {
            ProgressOutput::Lines {
                to: Box::new(std::io::stderr()),
                begun: now,
                last: now,
            }
        };
        let progress = Self {
            what: what.to_owned(),
            unit,
            shown,
        };
        progress.draw(format!(
            "{{spinner}} {{msg}}: {} {{elapsed}}",
            unit.counted()
        ));
        progress
    }

    fn draw(&self, template: String) {
        if let ProgressOutput::Bar(bar) = &self.shown {
            bar.set_message(self.what.clone());
            if let Ok(style) = ProgressStyle::with_template(&template) {
                bar.set_style(style);
            }
        }
    }

    /// Sets the total, where it is known.
    #[must_use]
    pub(crate) fn of_whole(self, whole: u64) -> Self {
        self.set_whole(whole);
        self
    }

    fn set_whole(&self, whole: u64) {
        if let ProgressOutput::Bar(bar) = &self.shown
            && bar.length() != Some(whole)
        {
            bar.set_length(whole);
            self.draw(format!(
                "{{msg}} {{bar:40}} {} {{elapsed}}",
                self.unit.counted_of()
            ));
        }
    }

    /// Sets how much is done.
    pub(crate) fn to(&mut self, done: u64) {
        self.at(done, Instant::now());
    }

    /// Sets how much is done, and the total if it is known.
    pub(crate) fn advance(&mut self, done: u64, whole: Option<u64>) {
        whole.into_iter().for_each(|whole| self.set_whole(whole));
        self.to(done);
    }

    fn at(&mut self, done: u64, now: Instant) {
        match &mut self.shown {
            ProgressOutput::Bar(bar) => bar.set_position(done),
            ProgressOutput::Lines { to, begun, last }
                if now.duration_since(*last) >= LINE_EVERY =>
            {
                *last = now;
                let seconds = now.duration_since(*begun).as_secs();
                // A line that cannot be written is no reason to stop.
                drop(writeln!(
                    to,
                    "{}: {done} {} in {seconds} s",
                    self.what,
                    self.unit.name()
                ));
            }
            ProgressOutput::Lines { .. } => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let ProgressOutput::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn elsewhere_than_on_a_terminal_there_is_a_line_now_and_then() {
        let (kept, begun) = (Kept::default(), Instant::now());
        let shown = ProgressOutput::Lines {
            to: Box::new(kept.clone()),
            begun,
            last: begun,
        };
        let mut progress = Progress {
            what: "reading events".into(),
            unit: ProgressUnit::Events,
            shown,
        }
        .of_whole(5_000);
        for second in 0..25 {
            progress.at(second * 100, begun + Duration::from_secs(second));
        }
        drop(progress);
        let lines = String::from_utf8(kept.0.lock().expect("no panic").clone()).expect("text");
        assert_eq!(
            lines,
            "reading events: 1000 events in 10 s\nreading events: 2000 events in 20 s\n"
        );
    }
}
