//! [`OwnServer`]: a database server of a test's own, to be killed, starved and started again.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::backend::{Backend, Kind};
use crate::database::run;

/// Where server programs are, besides in the search path. `*` stands for a version.
const PLACES: [&str; 5] =
    ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/usr/sbin", "/usr/local/sbin"];

/// In KiB. The files of PostgreSQL's log have 16 MiB.
const FILE_LIMIT: u32 = 18 * 1024;

/// No server takes this long to start, not even to recover.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server in a directory and on a port of its own, stopped and removed when this is dropped. Only the
/// processes that it has started itself are ever signalled.
pub struct OwnServer {
    kind: Kind,
    directory: PathBuf,
    port: u16,
    settings: Vec<String>,
    /// The largest file that it may write, in KiB.
    file_limit: Option<u32>,
    user: Option<User>,
    process: Option<Child>,
}

/// Servers refuse to run as root; then they run as the user that their package has made.
#[derive(Debug, Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl OwnServer {
    /// Makes a database directory for a server like one that this run tests on. It does not run yet.
    ///
    /// # Panics
    /// If there is no such program, or it fails: a test that was told to use a server does not pass
    /// without one.
    pub fn new(kind: Kind) -> OwnServer {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("retro_server_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        fs::create_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        let user = is_root().then(|| user(kind));
        give(&directory, user);
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port();
        let server = OwnServer { kind, directory, port, settings: Vec::new(), file_limit: None, user, process: None };
        server.initialise();
        server
    }

    /// With a setting, as on the command line: `max_connections=5`.
    #[must_use]
    pub fn with(mut self, setting: &str) -> OwnServer {
        self.settings.push(match self.kind {
            Kind::Postgres => format!("-c{setting}"),
            Kind::MySql => format!("--{setting}"),
        });
        self
    }

    /// With room for some MiB of tables, as on a disk that is nearly full. To one server its files may
    /// not grow beyond a size, to the other the file that all tables are in may not grow at all.
    #[must_use]
    pub fn with_little_room(mut self) -> OwnServer {
        match self.kind {
            Kind::Postgres => {
                self.file_limit = Some(FILE_LIMIT);
                self
            }
            Kind::MySql => self.with("innodb-file-per-table=0").with("innodb-data-file-path=ibdata1:12M"),
        }
    }

    /// The server as a backend for tests.
    pub fn backend(&self) -> Backend {
        Backend::Server(self.url())
    }

    fn url(&self) -> String {
        match self.kind {
            Kind::Postgres => format!("postgres://root@127.0.0.1:{}/postgres", self.port),
            Kind::MySql => format!("mysql://root@127.0.0.1:{}/mysql", self.port),
        }
    }

    /// Starts it, after a crash too, and waits until it answers.
    ///
    /// # Panics
    /// If it does not.
    pub async fn start(&mut self) {
        let log = File::create(self.directory.join("log")).unwrap();
        let mut command = self.server();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.process = Some(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")));
        let started = Instant::now();
        while let Err(error) = run(&self.url(), "SELECT 1").await {
            let ended = self.process.as_mut().is_some_and(|process| process.try_wait().is_ok_and(|end| end.is_some()));
            if ended || started.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                panic!("{command:?} does not answer: {error}\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills it with all its processes, as a loss of power does but for what the system has in memory.
    pub fn kill(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let server = process.id();
        // It must not start another process between our looking and our killing.
        signal("STOP", &[server]);
        let children = children(server);
        signal("KILL", &children);
        signal("KILL", &[server]);
        let _ = process.wait();
        // What they hold of the directory they hold until they are gone.
        let started = Instant::now();
        while children.iter().any(|&child| is_alive(child)) && started.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Tells it to stop in order, without waiting for whoever is connected.
    ///
    /// # Panics
    /// If it does not end.
    pub async fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        // "Fast shutdown" to one, unknown to the other.
        let polite = if self.kind == Kind::Postgres { "INT" } else { "TERM" };
        signal(polite, &[process.id()]);
        let ended = tokio::task::spawn_blocking(move || process.wait());
        tokio::time::timeout(PATIENCE, ended).await.expect("a server that stops").unwrap().unwrap();
    }

    fn initialise(&self) {
        let data = self.data();
        let command = match self.kind {
            Kind::Postgres => {
                let mut command = self.command(&program(&["initdb"]));
                command.args(["-U", "root", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]).arg(&data);
                command
            }
            Kind::MySql => {
                let mut command = self.command(&program(&["mariadb-install-db", "mysql_install_db"]));
                command.args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"]);
                command.arg(format!("--datadir={}", data.display()));
                command
            }
        };
        let mut command = command;
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn server(&self) -> Command {
        let data = self.data();
        let (program, mut arguments) = match self.kind {
            Kind::Postgres => {
                let port = self.port.to_string();
                let given = ["-D", &data.to_string_lossy(), "-h", "127.0.0.1", "-k", "", "-p", &port];
                (program(&["postgres"]), given.map(str::to_owned).to_vec())
            }
            Kind::MySql => {
                let given = [
                    "--no-defaults".to_owned(),
                    format!("--datadir={}", data.display()),
                    format!("--socket={}", self.directory.join("socket").display()),
                    format!("--pid-file={}", self.directory.join("pid").display()),
                    format!("--port={}", self.port),
                    "--bind-address=127.0.0.1".to_owned(),
                ];
                (program(&["mariadbd", "mysqld"]), given.to_vec())
            }
        };
        arguments.extend(self.settings.iter().cloned());
        let Some(limit) = self.file_limit else {
            let mut command = self.command(&program);
            command.args(arguments);
            return command;
        };
        // A signal that nobody waits for would end the server where it meets the limit.
        let mut command = self.command(Path::new("/bin/sh"));
        command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", limit * 2));
        command.arg(program).args(arguments);
        command
    }

    /// A program to be run as the server's user.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.directory);
        if let Some(user) = self.user {
            command.uid(user.id).gid(user.group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn user(kind: Kind) -> User {
    let name = if kind == Kind::Postgres { "postgres" } else { "mysql" };
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let line = users.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let mut numbers = line.into_iter().flat_map(|line| line.split(':')).filter_map(|field| field.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(id), Some(group)) => User { id, group },
        _ => panic!("the server does not run as root, and there is no user {name}"),
    }
}

fn give(path: &Path, user: Option<User>) {
    if let Some(user) = user {
        chown(path, Some(user.id), Some(user.group)).unwrap();
    }
}

/// The first of the programs that is there.
fn program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    places.extend(PLACES.iter().flat_map(|place| expand(place)));
    let found = names.iter().find_map(|name| places.iter().map(|place| place.join(name)).find(|file| file.is_file()));
    found.unwrap_or_else(|| {
        panic!("none of {names:?} is installed, in PATH or {PLACES:?}: tests need a server of their own")
    })
}

/// The directories that a pattern with one `*` stands for, the last first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![pattern.into()] };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or((".", before));
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort();
    names.iter().rev().map(|name| PathBuf::from(format!("{parent}/{name}{after}"))).collect()
}

fn signal(name: &str, processes: &[u32]) {
    if !processes.is_empty() {
        let processes = processes.iter().map(u32::to_string);
        let _ = Command::new("kill").arg(format!("-{name}")).args(processes).stderr(Stdio::null()).status();
    }
}

/// The processes that a process has started.
fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|&process| stat(process).is_some_and(|(_, of)| of == parent)).collect()
}

fn is_alive(process: u32) -> bool {
    stat(process).is_some_and(|(state, _)| state != "Z")
}

/// State and parent of a process.
fn stat(process: u32) -> Option<(String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // "1 (name, which may hold anything) S 0 .."
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
