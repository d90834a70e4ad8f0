// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The terminal while it is a screen: taken as a whole, and given back as it was, whatever ends us.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event, KeyEventKind,
    MouseButton, MouseEventKind, poll, read,
};
use ratatui::crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, size,
};
use ratatui::crossterm::{execute, queue};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::effect::MouseUse;
use super::inbox::Inbox;
use super::key::Key;
use super::msg::Msg;

/// Opens the stream that the screen is drawn on.
pub type Stream = fn() -> Box<dyn Write + Send>;

/// How long a reader of keys waits before it looks whether it shall go on.
const PATIENCE: Duration = Duration::from_millis(100);

/// Lines that one turn of the wheel moves.
const WHEEL: i32 = 3;

/// The screen.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Box<dyn Write + Send>>>,
    stream: Stream,
    has_mouse: bool,
}

impl Screen {
    /// Takes the terminal. A panic gives it back before it says what it has to say.
    ///
    /// # Errors
    /// There is no terminal, or it cannot be written to.
    pub fn take(stream: Stream) -> io::Result<Self> {
        give_back_in_a_panic(stream);
        let mut screen = Self { terminal: blank(stream)?, stream, has_mouse: false };
        screen.enter()?;
        Ok(screen)
    }

    /// Takes it, or takes it again.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn enter(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        execute!((self.stream)(), EnterAlternateScreen, Hide, EnableBracketedPaste)?;
        if self.has_mouse {
            execute!((self.stream)(), EnableMouseCapture)?;
        }
        self.renew()
    }

    /// Gives it back for a while, or for good.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn leave(&mut self) -> io::Result<()> {
        give_back(self.stream)
    }

    /// Forgets what is drawn, so that everything is drawn anew at the size that the terminal has now.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn renew(&mut self) -> io::Result<()> {
        execute!((self.stream)(), Clear(ClearType::All))?;
        self.terminal = blank(self.stream)?;
        Ok(())
    }

    /// Draws.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn draw(&mut self, draw: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(draw).map(|_| ())
    }

    /// Takes the mouse, or gives it back.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn mouse(&mut self, wanted: MouseUse) -> io::Result<()> {
        self.has_mouse = wanted == MouseUse::Taken;
        let mut stream = (self.stream)();
        match wanted {
            MouseUse::Taken => execute!(stream, EnableMouseCapture),
            MouseUse::Left => execute!(stream, DisableMouseCapture),
        }
    }

    /// Puts text on the terminal's clipboard (OSC 52).
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut stream = (self.stream)();
        write!(stream, "\u{1b}]52;c;{}\u{7}", base64(text.as_bytes()))?;
        stream.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing is left to be done about it.
        drop(self.leave());
    }
}

/// A screen on which nothing is drawn yet. Its size is fixed: one that followed the terminal by itself would ask it where
/// the cursor is, and who reads the keys would take the answer.
fn blank(stream: Stream) -> io::Result<Terminal<CrosstermBackend<Box<dyn Write + Send>>>> {
    let (width, height) = size()?;
    let viewport = Viewport::Fixed(Rect { x: 0, y: 0, width, height });
    Terminal::with_options(CrosstermBackend::new(stream()), TerminalOptions { viewport })
}

/// Columns and rows; none where there is no terminal.
#[must_use]
pub fn columns_and_rows() -> Option<(u16, u16)> {
    size().ok()
}

fn give_back(stream: Stream) -> io::Result<()> {
    let mut stream = stream();
    let left = queue!(stream, DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let flushed = stream.flush();
    disable_raw_mode().and(left).and(flushed)
}

fn give_back_in_a_panic(stream: Stream) {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        drop(give_back(stream));
        tell(panic);
    }));
}

/// Text in the alphabet of RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let wide = chunk.iter().fold(0_u32, |wide, byte| wide << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = ALPHABET[(wide >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// What a reader of keys shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Wanted,
    Unwanted,
    /// It does not read, and says so.
    Idle,
    Over,
}

/// Reads keys, on a thread of its own, but for the times when the terminal is another program's.
#[derive(Debug)]
pub struct Keys {
    reading: Mutex<Reading>,
    changed: Condvar,
}

impl Default for Keys {
    fn default() -> Self {
        Self { reading: Mutex::new(Reading::Wanted), changed: Condvar::new() }
    }
}

impl Keys {
    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, reading: Reading) {
        *self.reading() = reading;
        self.changed.notify_all();
    }

    /// Reads until it is over.
    pub fn read(&self, inbox: &Arc<Inbox>) {
        loop {
            {
                let mut reading = self.reading();
                while *reading == Reading::Unwanted || *reading == Reading::Idle {
                    *reading = Reading::Idle;
                    self.changed.notify_all();
                    reading = self.changed.wait(reading).unwrap_or_else(PoisonError::into_inner);
                }
                if *reading == Reading::Over {
                    return;
                }
            }
            match poll(PATIENCE) {
                Ok(false) => {}
                Ok(true) => {
                    if let Ok(event) = read()
                        && let Some(msg) = message(event)
                    {
                        inbox.put(msg);
                    }
                }
                // The terminal is gone.
                Err(_) => {
                    inbox.close();
                    return;
                }
            }
        }
    }

    /// Leaves the terminal's input to another program; returns when that is so.
    pub fn rest(&self) {
        self.set(Reading::Unwanted);
        let mut reading = self.reading();
        while *reading == Reading::Unwanted {
            reading = self.changed.wait(reading).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Reads again.
    pub fn go_on(&self) {
        self.set(Reading::Wanted);
    }

    /// Ends the reading.
    pub fn end(&self) {
        self.set(Reading::Over);
    }
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Key::of(key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(columns, rows) => Some(Msg::Size(columns, rows)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Msg::Press(mouse.column, mouse.row)),
            MouseEventKind::ScrollDown => Some(Msg::Wheel(WHEEL)),
            MouseEventKind::ScrollUp => Some(Msg::Wheel(-WHEEL)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn the_clipboard_gets_what_was_meant() {
        let texts = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(texts, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }
}
