//! PostgreSQL beside it: what a schema written by hand for the same job does on the same machine, in the same run.
//!
//! A server of its own, in a folder of its own, over a socket, with PostgreSQL's defaults: every commit is on the disk
//! before it is answered (`fsync`, `synchronous_commit`). A life is two transactions (`postgres/life.sql`), which
//! `pgbench` repeats as prepared statements. A server does not run as root: there it runs as `postgres`.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::LoadError;

const SCHEMA: &str = include_str!("../postgres/schema.sql");
const LIFE: &str = include_str!("../postgres/life.sql");
/// Where distributions keep its programs, by version, if not on the path.
const PROGRAMS: &str = "/usr/lib/postgresql";
const USER: &str = "postgres";
const STARTS_WITHIN: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// What it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Lives.
    pub lives: usize,
    /// For how long it ran.
    pub time: Duration,
    /// How long a life took: half of them less, and ninety-nine of a hundred.
    pub p50: Duration,
    /// See `p50`.
    pub p99: Duration,
}

/// A server that runs until this is dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    server: Child,
}

impl Postgres {
    /// Starts one in a folder below this one, with the schema; none where there is no PostgreSQL here.
    ///
    /// # Errors
    /// [`LoadError::Postgres`].
    pub fn start(below: &Path) -> Result<Option<Self>, LoadError> {
        let Some(programs) = programs() else {
            return Ok(None);
        };
        fs::create_dir_all(below).map_err(wrong)?;
        let folder = TempDir::new_in(below).map_err(wrong)?;
        // Its own user makes the data in it.
        let all = fs::Permissions::from_mode(0o777);
        fs::set_permissions(folder.path(), all).map_err(wrong)?;
        let data = folder.path().join("data");
        let mut made = as_its_user(&programs.join("initdb"))?;
        made.arg("--pgdata").arg(&data);
        made.args(["--auth", "trust", "--username", USER, "--encoding", "UTF8"]);
        hold("initdb", &made.output().map_err(wrong)?)?;
        let log = File::create(folder.path().join("log")).map_err(wrong)?;
        let mut server = as_its_user(&programs.join("postgres"))?;
        server.arg("-D").arg(&data).arg("-k").arg(folder.path());
        server.args(["-c", "listen_addresses=", "-c", "fsync=on"]);
        let server = server.stdout(Stdio::null()).stderr(log).spawn();
        let postgres = Self {
            programs,
            folder,
            server: server.map_err(wrong)?,
        };
        postgres.prepare()?;
        Ok(Some(postgres))
    }

    fn prepare(&self) -> Result<(), LoadError> {
        let begun = Instant::now();
        let schema = self.folder.path().join("schema.sql");
        fs::write(&schema, SCHEMA).map_err(wrong)?;
        fs::write(self.script(), LIFE).map_err(wrong)?;
        loop {
            let mut psql = self.client("psql");
            psql.args(["--quiet", "--single-transaction"]);
            psql.args(["--set", "ON_ERROR_STOP=1", "--file"])
                .arg(&schema);
            let said = psql.output().map_err(wrong)?;
            // It takes no connections yet.
            let waits = said.status.code() == Some(2) && begun.elapsed() < STARTS_WITHIN;
            if !waits {
                return hold("psql", &said).map(|_| ());
            }
            #[expect(clippy::disallowed_methods, reason = "nothing else runs meanwhile")]
            std::thread::sleep(PAUSE);
        }
    }

    /// Lives with so many clients at once.
    ///
    /// # Errors
    /// [`LoadError::Postgres`].
    pub fn live(&self, clients: usize, time: Duration) -> Result<Beside, LoadError> {
        let logs = TempDir::new_in(self.folder.path()).map_err(wrong)?;
        let clients = clients.to_string();
        let mut bench = self.client("pgbench");
        bench.args(["--no-vacuum", "--protocol", "prepared", "--log"]);
        bench.arg("--log-prefix").arg(logs.path().join("life"));
        bench.args(["--client", &clients, "--jobs", &clients]);
        bench.args(["--time", &time.as_secs().max(1).to_string(), "--file"]);
        bench.arg(self.script());
        let begun = Instant::now();
        let said = bench.output().map_err(wrong)?;
        let time = begun.elapsed();
        hold("pgbench", &said)?;
        let mut times = Vec::new();
        for log in fs::read_dir(logs.path()).map_err(wrong)? {
            let text = fs::read_to_string(log.map_err(wrong)?.path()).map_err(wrong)?;
            times.extend(text.lines().filter_map(lived));
        }
        self.look_at_the_books(times.len())?;
        Ok(Beside {
            lives: times.len(),
            time,
            p50: crate::at(&mut times, 50),
            p99: crate::at(&mut times, 99),
        })
    }

    /// It has to have done the work that it was timed for; emptied, for the next run.
    fn look_at_the_books(&self, lives: usize) -> Result<(), LoadError> {
        let mut psql = self.client("psql");
        psql.args(["--quiet", "--tuples-only", "--no-align", "--command"]);
        psql.arg(
            "SELECT count(*) || ' ' || count(DISTINCT number) || ' ' || bool_and(status = 'paid') FROM invoices; \
             SELECT count(*) || ' ' || coalesce(sum(amount), 0) FROM ledger; \
             TRUNCATE invoices, ledger RESTART IDENTITY; UPDATE series SET next = 1",
        );
        let said = hold("psql", &psql.output().map_err(wrong)?)?;
        let wanted = format!("{lives} {lives} true\n{} 0.00\n", 5 * lives);
        match said == wanted {
            true => Ok(()),
            false => Err(LoadError::Postgres(format!(
                "its books are {said:?} and not {wanted:?}"
            ))),
        }
    }

    fn script(&self) -> PathBuf {
        self.folder.path().join("life.sql")
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env("PGHOST", self.folder.path());
        command.env("PGUSER", USER).env("PGDATABASE", USER);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // At once, with what belongs to it: the folder goes with it.
        let data = self.folder.path().join("data");
        if let Ok(mut stop) = as_its_user(&self.programs.join("pg_ctl")) {
            stop.arg("stop").arg("--pgdata").arg(data);
            stop.args(["--silent", "--mode", "immediate"]);
            let _stopped = stop.status();
        }
        let _ended = self.server.kill();
        let _gone = self.server.wait();
    }
}

/// The newest PostgreSQL of this machine.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(PROGRAMS).ok()?;
    let versions = versions.filter_map(|version| {
        let path = version.ok()?.path();
        let number: u32 = path.file_name()?.to_str()?.parse().ok()?;
        let programs = path.join("bin");
        let whole = ["initdb", "postgres", "pg_ctl", "psql", "pgbench"];
        let is_whole = whole.iter().all(|name| programs.join(name).is_file());
        is_whole.then_some((number, programs))
    });
    versions.max().map(|(_, programs)| programs)
}

/// A program, as the user that a server may run as.
fn as_its_user(program: &Path) -> Result<Command, LoadError> {
    let status = fs::read_to_string("/proc/self/status").map_err(wrong)?;
    let is_root = status
        .lines()
        .any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"));
    if !is_root {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("runuser");
    command.args(["--user", USER, "--"]).arg(program);
    Ok(command)
}

/// Its words, if it did what it was asked.
fn hold(program: &str, said: &Output) -> Result<String, LoadError> {
    let out = String::from_utf8_lossy(&said.stdout).into_owned();
    let error = String::from_utf8_lossy(&said.stderr);
    match said.status.success() {
        true => Ok(out),
        false => Err(LoadError::Postgres(format!("{program}: {out}{error}"))),
    }
}

/// How long one took, in a line of `pgbench`'s log: client, transaction, microseconds, script, second, microsecond.
fn lived(line: &str) -> Option<Duration> {
    let micros = line.split_whitespace().nth(2)?.parse().ok()?;
    Some(Duration::from_micros(micros))
}

fn wrong(error: std::io::Error) -> LoadError {
    LoadError::Postgres(error.to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_line_of_its_log_is_read() {
        let read = lived("3 17 2290 0 1796113554 194750").unwrap();
        assert_eq!(read, Duration::from_micros(2_290));
        assert_eq!(lived("3 17 failed 0 1796113554 194750"), None);
    }
}
