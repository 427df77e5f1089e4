//! The host as a process of its own, on disk.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::LoadError;

const API_KEY: &str = "remit_local_of_the_load_test";
/// What Linux counts processor time in.
const TICKS_PER_S: u64 = 100;

/// A host that runs until this is dropped.
pub struct HostProcess {
    /// Where it answers.
    pub url: String,
    /// The owner's key.
    pub api_key: String,
    program: PathBuf,
    port: u16,
    folder: TempDir,
    child: Child,
}

impl HostProcess {
    /// Starts it on a free port, with a folder of its own.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub fn start(program: &Path) -> Result<Self, LoadError> {
        let folder = TempDir::new().map_err(host)?;
        // Free now: the host has to come again under the same address.
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(host)?;
        let port = free.local_addr().map_err(host)?.port();
        drop(free);
        let child = spawn(program, port, folder.path())?;
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            api_key: API_KEY.to_owned(),
            program: program.to_owned(),
            port,
            folder,
            child,
        })
    }

    /// Kills it, as a machine dies (SIGKILL), and starts it again over what it left.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub fn kill_and_start(&mut self) -> Result<(), LoadError> {
        if let Some(ended) = self.child.try_wait().map_err(host)? {
            return Err(LoadError::Host(format!("it ended by itself: {ended}")));
        }
        self.child.kill().map_err(host)?;
        self.child.wait().map_err(host)?;
        self.child = spawn(&self.program, self.port, self.folder.path())?;
        Ok(())
    }

    /// The processor time that it took so far, where the machine tells (`/proc`).
    pub fn processor_time(&self) -> Option<Duration> {
        let path = format!("/proc/{}/stat", self.child.id());
        let text = std::fs::read_to_string(path).ok()?;
        // After the name, which may have anything in it: the 12th and 13th are ticks as a user and as the system.
        let (_, rest) = text.rsplit_once(')')?;
        let mut ticks = rest.split_whitespace().skip(11).map(str::parse::<u64>);
        let sum = ticks.next()?.ok()? + ticks.next()?.ok()?;
        Some(Duration::from_millis(sum * (1_000 / TICKS_PER_S)))
    }
}

impl Drop for HostProcess {
    fn drop(&mut self) {
        // It may have ended already; then there is nobody to end.
        let _ended = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn host(error: std::io::Error) -> LoadError {
    LoadError::Host(error.to_string())
}

fn spawn(program: &Path, port: u16, folder: &Path) -> Result<Child, LoadError> {
    let started = Command::new(program)
        .arg("serve")
        .args(["--port", &port.to_string()])
        .arg("--data")
        .arg(folder)
        .args(["--api-key", API_KEY])
        .stdout(Stdio::null())
        .spawn();
    started.map_err(|error| LoadError::Host(format!("{}: {error}", program.display())))
}
