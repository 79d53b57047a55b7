//! Server-sent events, as bytes arrive (HTML standard, 9.2.6 "Interpreting an event stream").

/// Reads events. It holds no more than what was fed to it since the last event.
#[derive(Debug, Default)]
pub(crate) struct EventStream {
    /// The line that is not at its end yet.
    line: Vec<u8>,
    /// The lines of `data` since the last event.
    data: Vec<u8>,
    /// Whether there was one.
    has_data: bool,
    /// The type of the event, where one is given.
    kind: Vec<u8>,
    /// Whether the last byte was a carriage return: a line feed after it ends no second line.
    after_return: bool,
    /// Whether the first line was read: a byte order mark may stand before it.
    begun: bool,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its type; `message` unless it says otherwise.
    pub(crate) kind: Vec<u8>,
    /// The lines of its data.
    pub(crate) data: Vec<u8>,
}

impl EventStream {
    /// Takes the next bytes; the events that end with them.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for byte in bytes {
            let follows_return = std::mem::replace(&mut self.after_return, *byte == b'\r');
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    let line = std::mem::take(&mut self.line);
                    events.extend(self.end_line(&line));
                }
                byte => self.line.push(*byte),
            }
        }
        events
    }

    /// Whether an event has begun that has not ended.
    pub(crate) fn is_within_an_event(&self) -> bool {
        self.has_data || !self.line.is_empty() || !self.kind.is_empty()
    }

    fn end_line(&mut self, line: &[u8]) -> Option<Event> {
        let line = if std::mem::replace(&mut self.begun, true) {
            line
        } else {
            line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line)
        };
        if line.is_empty() {
            let kind = std::mem::take(&mut self.kind);
            let data = std::mem::take(&mut self.data);
            // An event without data is dropped; it may have carried an id.
            return std::mem::take(&mut self.has_data).then(|| Event {
                kind: if kind.is_empty() { b"message".to_vec() } else { kind },
                data,
            });
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (field, value) = line.split_at_checked(colon).unwrap_or((line, &[]));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"event" => self.kind = value.to_vec(),
            // A comment, an id, a time to wait, or what nobody defined.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datas(stream: &mut EventStream, text: &str) -> Vec<String> {
        let text_of = |event: Event| String::from_utf8(event.data).unwrap();
        stream.feed(text.as_bytes()).into_iter().map(text_of).collect()
    }

    #[test]
    fn lines_of_data_make_an_event() {
        let mut stream = EventStream::default();
        let text = "\u{feff}: hello\nid: 1\ndata: a\ndata:b\n\nevent: ping\ndata:  c\n\n";
        assert_eq!(datas(&mut stream, text), ["a\nb", " c"]);
        assert_eq!(datas(&mut stream, "id: 2\nretry: 5\n\n\n\n"), [""; 0]);
        assert_eq!(datas(&mut stream, "data\n\n"), [""]);
        assert!(!stream.is_within_an_event());
        assert_eq!(datas(&mut stream, "data: half"), [""; 0]);
        assert!(stream.is_within_an_event());
    }

    #[test]
    fn every_line_end_ends_a_line_and_pieces_make_no_difference() {
        let text = "event: x\r\ndata: one\r\n\r\ndata: two\r\rdata: three\n\n: end\n";
        let whole = EventStream::default().feed(text.as_bytes());
        assert_eq!(whole.len(), 3);
        assert_eq!(whole[0].kind, b"x");
        assert_eq!(whole[1].kind, b"message");
        for size in 1..9 {
            let mut stream = EventStream::default();
            let pieces = text.as_bytes().chunks(size);
            let events: Vec<_> = pieces.flat_map(|piece| stream.feed(piece)).collect();
            assert_eq!(events, whole, "in pieces of {size}");
        }
    }
}
