-- What every table and column is for: the database's own comments, which
-- tracetrack-schema(7) is made of (make docs). A new table or column gets its line
-- here. How they work together is told by the migrations.

-- ---- the site

comment on table tracetrack.migration is 'The migrations that were applied; row 0 stands for the functions as a whole.';
comment on column tracetrack.migration.number is 'number of the file';
comment on column tracetrack.migration.name is 'name of the file';
comment on column tracetrack.migration.checksum is 'SHA-256 of its text';
comment on column tracetrack.migration.applied_at is 'when';

comment on table tracetrack.setting is 'The settings of the site.';
comment on column tracetrack.setting.name is 'name';
comment on column tracetrack.setting.value is 'value now';
comment on column tracetrack.setting.help is 'what it is for';

comment on table tracetrack.secret is 'Keys that only the owner reads; they never leave the database.';
comment on column tracetrack.secret.name is 'what the key is for';
comment on column tracetrack.secret.value is 'the key';

comment on table tracetrack.area is 'The areas of the warehouse. An area is retired, never deleted.';
comment on column tracetrack.area.id is 'number';
comment on column tracetrack.area.code is 'short name, as options and files give it';
comment on column tracetrack.area.name is 'name, as people read it';
comment on column tracetrack.area.active is 'false when it is retired';
comment on column tracetrack.area.reason is 'why it was retired';

comment on table tracetrack.station is 'The stations. Station 0 stands for calls that come from no station. A station is retired, never deleted.';
comment on column tracetrack.station.id is 'number';
comment on column tracetrack.station.name is 'name, as its machine is called';
comment on column tracetrack.station.area_id is 'its area; null: that of whoever scans there';
comment on column tracetrack.station.double_read_ms is 'the same code within so many milliseconds is one scan';
comment on column tracetrack.station.hard_stop is 'a refusal stops the lane until somebody confirms';
comment on column tracetrack.station.sounds is 'it may beep';
comment on column tracetrack.station.version is 'version of its program at the last login';
comment on column tracetrack.station.last_seen is 'when it was heard of last, to the minute';
comment on column tracetrack.station.state is 'enabled, or retired: nobody can work there';
comment on column tracetrack.station.reason is 'why it was retired';

comment on table tracetrack.family is 'The code families: what a code is, told by its form. A family is retired, never deleted.';
comment on column tracetrack.family.id is 'number; a code belongs to the active family of the lowest number that it matches, but to a child family only if no other matches';
comment on column tracetrack.family.name is 'name';
comment on column tracetrack.family.role is 'what its codes are: parent, child, bill, badge or command';
comment on column tracetrack.family.pattern is 'POSIX extended regular expression that the whole code matches, in upper case';
comment on column tracetrack.family.example is 'a code of it';
comment on column tracetrack.family.capacity is 'children that a parent of it takes';
comment on column tracetrack.family.child_grams is 'what a child in such a parent weighs when nobody has weighed it';
comment on column tracetrack.family.active is 'false when it is retired';
comment on column tracetrack.family.reason is 'why it was retired';

-- ---- people

comment on table tracetrack.role is 'The roles that people have.';
comment on column tracetrack.role.name is 'name';
comment on column tracetrack.role.help is 'what it is for';
comment on column tracetrack.role.rights is 'its rights again, kept from role_right, so that a scan finds them in one look';

comment on table tracetrack.role_right is 'Which role may do what. This is what to change; a trigger does the rest.';
comment on column tracetrack.role_right.role is 'role';
comment on column tracetrack.role_right.right_name is 'right: the name of an operation, or a wider one such as scan.any_area';

comment on table tracetrack.person is 'The people. A person is disabled, never deleted.';
comment on column tracetrack.person.id is 'number';
comment on column tracetrack.person.login is 'login name';
comment on column tracetrack.person.name is 'name';
comment on column tracetrack.person.mail is 'mail address';
comment on column tracetrack.person.role is 'role';
comment on column tracetrack.person.area_id is 'area, which a dispatcher must have';
comment on column tracetrack.person.state is 'active or disabled';
comment on column tracetrack.person.salt is 'salt of the password; told to anybody who asks';
comment on column tracetrack.person.ops is 'Argon2id passes';
comment on column tracetrack.person.mem is 'Argon2id memory, in bytes';
comment on column tracetrack.person.verifier is 'SHA-256 of what the station derives from the password with Argon2id';
comment on column tracetrack.person.created_at is 'since when the person is known';
comment on column tracetrack.person.disabled_at is 'since when disabled';
comment on column tracetrack.person.once_until is 'the password is a one-time password of an administrator, good until then';
comment on column tracetrack.person.password_at is 'when the password was set';
comment on column tracetrack.person.disabled_reason is 'why disabled';

comment on table tracetrack.person_pin is 'PINs that unlock a station; hashed as a password is.';
comment on column tracetrack.person_pin.person_id is 'whose';
comment on column tracetrack.person_pin.salt is 'salt';
comment on column tracetrack.person_pin.ops is 'Argon2id passes';
comment on column tracetrack.person_pin.mem is 'Argon2id memory, in bytes';
comment on column tracetrack.person_pin.verifier is 'SHA-256 of what the station derives from the PIN';
comment on column tracetrack.person_pin.failures is 'wrong ones in a row; too many, and only the password unlocks';
comment on column tracetrack.person_pin.set_at is 'when it was set';

comment on table tracetrack.person_badge is 'Badges that unlock a station, one for a person.';
comment on column tracetrack.person_badge.person_id is 'whose';
comment on column tracetrack.person_badge.verifier is 'SHA-256 of the SHA-256 of the code on it';
comment on column tracetrack.person_badge.issued_at is 'when it was issued';

comment on table tracetrack.person_totp is 'Second factors: RFC 6238 with SHA-1, 6 digits, 30 seconds.';
comment on column tracetrack.person_totp.person_id is 'whose';
comment on column tracetrack.person_totp.secret is 'the secret that the authenticator has too';
comment on column tracetrack.person_totp.request is 'request id by which it was begun';
comment on column tracetrack.person_totp.confirmed_at is 'since when it counts; null: begun only';
comment on column tracetrack.person_totp.last_step is 'step of the last code that was taken: none is taken twice';

comment on table tracetrack.person_code is 'Backup codes of a second factor, one use each.';
comment on column tracetrack.person_code.person_id is 'whose';
comment on column tracetrack.person_code.hash is 'keyed hash of the code';
comment on column tracetrack.person_code.used_at is 'when it was used';

comment on table tracetrack.promotion is 'Requests for another role.';
comment on column tracetrack.promotion.id is 'number';
comment on column tracetrack.promotion.person_id is 'who asks';
comment on column tracetrack.promotion.role is 'for which role';
comment on column tracetrack.promotion.reason is 'why';
comment on column tracetrack.promotion.state is 'pending, approved or rejected';
comment on column tracetrack.promotion.asked_at is 'when it was asked for';
comment on column tracetrack.promotion.decided_at is 'when it was decided';
comment on column tracetrack.promotion.decided_by is 'by whom';
comment on column tracetrack.promotion.note is 'what was said about the decision';

comment on table tracetrack.login_failure is 'Failed logins in a row, by login name, known or not, so that a lock tells nothing.';
comment on column tracetrack.login_failure.login is 'login name as it was given';
comment on column tracetrack.login_failure.failures is 'how many';
comment on column tracetrack.login_failure.locked_until is 'nobody may try before';
comment on column tracetrack.login_failure.last_at is 'when the last one was';

comment on table tracetrack.rate is 'What is left of a person''s allowance, such as of exports.';
comment on column tracetrack.rate.person_id is 'whose';
comment on column tracetrack.rate.what is 'of what: the setting rate_ with this name has the limit';
comment on column tracetrack.rate.full_at is 'when it is whole again';

comment on table tracetrack.session is 'Sessions. The row stays when a session has ended, because the ledger names it.';
comment on column tracetrack.session.token_hash is 'SHA-256 of the token, which itself is never stored';
comment on column tracetrack.session.id is 'number';
comment on column tracetrack.session.person_id is 'whose';
comment on column tracetrack.session.station_id is 'where';
comment on column tracetrack.session.created_at is 'when it began';
comment on column tracetrack.session.expires_at is 'when it ends if nothing prolongs it';
comment on column tracetrack.session.extended_at is 'when it was prolonged last';
comment on column tracetrack.session.locked_at is 'since when it is locked';
comment on column tracetrack.session.revoked_at is 'when it was ended';
comment on column tracetrack.session.is_ready is 'it may scan; this and what follows are kept by a trigger from person, role, station and setting';
comment on column tracetrack.session.area_id is 'area of the station, else of the person';
comment on column tracetrack.session.rights is 'rights of the person''s role';
comment on column tracetrack.session.durability is 'synchronous_commit of its writes';

-- ---- bags

comment on table tracetrack.bag is 'Parents and children: where each is now, and how it came there. What each of them must be is told by the function bag_is_sound. No row is ever deleted.';
comment on column tracetrack.bag.id is 'number';
comment on column tracetrack.bag.parent_id is 'of a child: the parent that it is in';
comment on column tracetrack.bag.grams_expected is 'what it should weigh; of a parent the sum of its children';
comment on column tracetrack.bag.grams_measured is 'what a scale said';
comment on column tracetrack.bag.since is 'of a parent: when it was opened; of a child: when it was linked or unlinked';
comment on column tracetrack.bag.closed_at is 'when a parent was completed or closed short';
comment on column tracetrack.bag.person_id is 'who did what since tells';
comment on column tracetrack.bag.station_id is 'where';
comment on column tracetrack.bag.closed_by is 'who closed it';
comment on column tracetrack.bag.closed_station is 'where it was closed';
comment on column tracetrack.bag.family_id is 'code family';
comment on column tracetrack.bag.area_id is 'area';
comment on column tracetrack.bag.position is 'of a child: its place in the parent, from 1 on';
comment on column tracetrack.bag.child_count is 'of a parent: children in it';
comment on column tracetrack.bag.capacity is 'of a parent: children that it takes';
comment on column tracetrack.bag.event_id is 'event of the ledger that since, person_id and station_id tell of';
comment on column tracetrack.bag.closed_event is 'event that closed it';
comment on column tracetrack.bag.role is 'parent or child';
comment on column tracetrack.bag.state is 'of a parent: unused, open, complete, short, cancelled; of a child: linked, unlinked, cancelled';
comment on column tracetrack.bag.code is 'what is printed on it, in upper case';
comment on column tracetrack.bag.bill_id is 'of a parent: the bill that it is on';
comment on column tracetrack.bag.bill_at is 'since when it is on the bill';
comment on column tracetrack.bag.bill_by is 'who put it there';
comment on column tracetrack.bag.bill_station is 'where';
comment on column tracetrack.bag.bill_event is 'by which event';
comment on column tracetrack.bag.bill_manual is 'its code was typed, not scanned';

comment on table tracetrack.tally is 'Counters of all time in 64 slots, so that no row is updated by everybody: the sum over the slots is the figure, a single slot means nothing.';
comment on column tracetrack.tally.slot is 'slot, 0 to 63: process id of the server modulo 64';
comment on column tracetrack.tally.scans is 'events of the ledger: done, again and refused';
comment on column tracetrack.tally.done is 'events that were done';
comment on column tracetrack.tally.again is 'events of what was done already';
comment on column tracetrack.tally.refused is 'events that were refused';
comment on column tracetrack.tally.linked is 'children that were put into parents';
comment on column tracetrack.tally.undone is 'events that were taken back';
comment on column tracetrack.tally.relinked is 'children that were moved';
comment on column tracetrack.tally.removed is 'children that were taken out';
comment on column tracetrack.tally.parents_open is 'parents that are open now';
comment on column tracetrack.tally.parents_complete is 'parents that are complete now';
comment on column tracetrack.tally.parents_short is 'parents that are closed short now';
comment on column tracetrack.tally.children_linked is 'children that are in parents now';

-- ---- the ledger

comment on table tracetrack.request is 'One row for each scan event, whatever came of it: its request id is taken once. Append-only.';
comment on column tracetrack.request.event is 'request id';
comment on column tracetrack.request.at is 'when it was answered; with station_id and event the key of its row in the ledger';
comment on column tracetrack.request.content is 'hash of what was asked: the same id with other content is refused';
comment on column tracetrack.request.epoch is 'which outbox of the station it came from';
comment on column tracetrack.request.seq is 'its number in that outbox; a gap is a lost scan';
comment on column tracetrack.request.station_id is 'station';

comment on table tracetrack.event is 'The ledger: every scan event and what came of it. Append-only: an undo is an event too.';
comment on column tracetrack.event.number is 'the order in which things happened to any one bag or bill';
comment on column tracetrack.event.at is 'when its transaction began';
comment on column tracetrack.event.client_at is 'when the station took it, by the station''s clock';
comment on column tracetrack.event.epoch is 'which outbox of the station it came from';
comment on column tracetrack.event.seq is 'its number in that outbox';
comment on column tracetrack.event.session_id is 'session in which it was scanned';
comment on column tracetrack.event.sent_by is 'session by which it was sent';
comment on column tracetrack.event.parent_id is 'parent that it is about; after it the child is in there';
comment on column tracetrack.event.child_id is 'child that it is about';
comment on column tracetrack.event.from_parent_id is 'parent that the child was taken out of';
comment on column tracetrack.event.grams is 'what a scale said';
comment on column tracetrack.event.total is 'weight of the parent, or of the bill, after the event';
comment on column tracetrack.event.other_at is 'since when that stands in the way';
comment on column tracetrack.event.station_id is 'where';
comment on column tracetrack.event.person_id is 'who';
comment on column tracetrack.event.lane is 'scanner lane of the station';
comment on column tracetrack.event.position is 'place of the child in the parent, or of the parent on the bill';
comment on column tracetrack.event.children is 'children of the parent, or parents on the bill, after the event';
comment on column tracetrack.event.capacity is 'how many it takes';
comment on column tracetrack.event.offline is 'the station had taken it while the database was away';
comment on column tracetrack.event.id is 'request id';
comment on column tracetrack.event.undoes is 'event that it takes back';
comment on column tracetrack.event.action is 'what was asked for, such as child, undo or bill_add';
comment on column tracetrack.event.outcome is 'what it came to; tracetrack-operations(7) has them all';
comment on column tracetrack.event.code is 'code that was scanned';
comment on column tracetrack.event.parent_code is 'code of the parent that was asked for';
comment on column tracetrack.event.state is 'state of the parent, or of the bill, after the event';
comment on column tracetrack.event.device is 'scanner';
comment on column tracetrack.event.reason is 'reason that was given';
comment on column tracetrack.event.other is 'what stands in the way: another parent, bill or ticket';
comment on column tracetrack.event.other_by is 'who put it there';
comment on column tracetrack.event.other_station is 'where';
comment on column tracetrack.event.undone is 'action of the event that was taken back';
comment on column tracetrack.event.bill_id is 'bill that it is about';
comment on column tracetrack.event.bill_expected is 'what the children on the bill should weigh, after the event';
comment on column tracetrack.event.bill_children is 'children on the bill after the event';
comment on column tracetrack.event.bill is 'number of the bill that was asked for';

comment on table tracetrack.exception is 'Scans that a station took while the database was away and that the rules then refused: somebody must look at the bag.';
comment on column tracetrack.exception.event is 'request id of the scan';
comment on column tracetrack.exception.at is 'when it was refused';
comment on column tracetrack.exception.outcome is 'why it was refused';
comment on column tracetrack.exception.state is 'open or resolved';
comment on column tracetrack.exception.resolved_at is 'when it was resolved';
comment on column tracetrack.exception.resolved_by is 'by whom';
comment on column tracetrack.exception.resolution is 'what was done about it';

-- ---- bills and returns

comment on table tracetrack.bill is 'Bills: which parents leave on which truck. A completed bill is locked. No row is ever deleted.';
comment on column tracetrack.bill.id is 'number within the database';
comment on column tracetrack.bill.created_at is 'when it was made';
comment on column tracetrack.bill.completed_at is 'when it was completed';
comment on column tracetrack.bill.grams_expected is 'what the children on it should weigh';
comment on column tracetrack.bill.grams_actual is 'the same, with a scale''s word for each parent that has one';
comment on column tracetrack.bill.created_by is 'who made it';
comment on column tracetrack.bill.completed_by is 'who completed it';
comment on column tracetrack.bill.completed_station is 'where it was completed';
comment on column tracetrack.bill.children is 'children in the parents on it';
comment on column tracetrack.bill.capacity is 'parents that it takes';
comment on column tracetrack.bill.linked is 'parents on it';
comment on column tracetrack.bill.completed_event is 'event that completed it';
comment on column tracetrack.bill.state is 'open, completed, reopened or cancelled';
comment on column tracetrack.bill.number is 'number, as it is printed and scanned';
comment on column tracetrack.bill.destination is 'where it goes';
comment on column tracetrack.bill.vehicle is 'number plate of the truck';
comment on column tracetrack.bill.reason is 'why it was reopened, cancelled, or completed though not full';

comment on table tracetrack.return_ticket is 'Tickets for goods that come back. Nothing happens to a bag before the commit. No row is ever deleted.';
comment on column tracetrack.return_ticket.id is 'number within the database';
comment on column tracetrack.return_ticket.opened_at is 'when it was opened';
comment on column tracetrack.return_ticket.closed_at is 'when it was committed or cancelled';
comment on column tracetrack.return_ticket.opened_by is 'who opened it';
comment on column tracetrack.return_ticket.closed_by is 'who closed it';
comment on column tracetrack.return_ticket.bags is 'parents on it';
comment on column tracetrack.return_ticket.grams is 'what they weigh';
comment on column tracetrack.return_ticket.state is 'open, committed or cancelled';
comment on column tracetrack.return_ticket.number is 'number, as people read it';
comment on column tracetrack.return_ticket.location is 'where the goods come back';
comment on column tracetrack.return_ticket.notes is 'what else there is to say';
comment on column tracetrack.return_ticket.reason is 'why it was cancelled';

comment on table tracetrack.return_bag is 'Parents on return tickets: each on one open ticket at most.';
comment on column tracetrack.return_bag.ticket_id is 'ticket';
comment on column tracetrack.return_bag.bag_id is 'parent';
comment on column tracetrack.return_bag.bill_id is 'bill that it was on when it was added, and at the commit';
comment on column tracetrack.return_bag.at is 'when it was added';
comment on column tracetrack.return_bag.person_id is 'by whom';
comment on column tracetrack.return_bag.children is 'children in it, then';
comment on column tracetrack.return_bag.grams is 'what it weighed, then';
comment on column tracetrack.return_bag.is_open is 'the ticket is open';

-- ---- writes that are not scans

comment on table tracetrack.operation is 'First answers of writes that are not scans, which are given again for the same request id. system.maintain forgets those older than operation_life.';
comment on column tracetrack.operation.request is 'request id';
comment on column tracetrack.operation.at is 'when it was answered';
comment on column tracetrack.operation.person_id is 'who asked';
comment on column tracetrack.operation.name is 'operation';
comment on column tracetrack.operation.content is 'hash of what was asked: the same id with other content is refused';
comment on column tracetrack.operation.answer is 'the answer; empty only within its transaction';
comment on column tracetrack.operation.station_id is 'where';
comment on column tracetrack.operation.session_id is 'session';

comment on table tracetrack.approval is 'Operations that need a second person, and what came of them.';
comment on column tracetrack.approval.id is 'number';
comment on column tracetrack.approval.at is 'when it was asked for';
comment on column tracetrack.approval.expires_at is 'until when it waits';
comment on column tracetrack.approval.request is 'request id by which it was asked for';
comment on column tracetrack.approval.execution is 'request id with which it is carried out';
comment on column tracetrack.approval.xact is 'transaction that carries it out';
comment on column tracetrack.approval.session_id is 'session of who asks';
comment on column tracetrack.approval.person_id is 'who asks';
comment on column tracetrack.approval.station_id is 'where';
comment on column tracetrack.approval.operation is 'what is to be done';
comment on column tracetrack.approval.content is 'with what, by the parameters of the operation''s function';
comment on column tracetrack.approval.state is 'pending, approved, failed (approved, but the rules refused it then), declined or expired';
comment on column tracetrack.approval.decided_at is 'when it was decided';
comment on column tracetrack.approval.decided_by is 'by whom: never by who asked';
comment on column tracetrack.approval.reason is 'why';
comment on column tracetrack.approval.answer is 'what the operation answered';

comment on table tracetrack.notification is 'What the database tells people who watch: once for a kind and a subject until somebody has acknowledged it.';
comment on column tracetrack.notification.id is 'number';
comment on column tracetrack.notification.at is 'when it happened first';
comment on column tracetrack.notification.last_at is 'when it happened last';
comment on column tracetrack.notification.times is 'how often';
comment on column tracetrack.notification.kind is 'exception, station_silent, lockout, chain_broken or approval';
comment on column tracetrack.notification.subject is 'which one';
comment on column tracetrack.notification.detail is 'what happened';
comment on column tracetrack.notification.acked_at is 'when it was acknowledged';
comment on column tracetrack.notification.acked_by is 'by whom';

-- ---- audit and seals

comment on table tracetrack.audit is 'Who changed what, with before and after, written by triggers. Append-only.';
comment on column tracetrack.audit.number is 'number';
comment on column tracetrack.audit.at is 'when its transaction began';
comment on column tracetrack.audit.request is 'request id of the write';
comment on column tracetrack.audit.session_id is 'session';
comment on column tracetrack.audit.station_number is 'number among the rows of the station, without a gap';
comment on column tracetrack.audit.station_id is 'where';
comment on column tracetrack.audit.person_id is 'who; null for what the owner changes by hand';
comment on column tracetrack.audit.approver_id is 'who approved it';
comment on column tracetrack.audit.db_role is 'role of the database';
comment on column tracetrack.audit.operation is 'insert, update, delete, truncate, or baseline: as it was when the audit began';
comment on column tracetrack.audit.table_name is 'table of what was changed';
comment on column tracetrack.audit.key is 'which row';
comment on column tracetrack.audit.before is 'the row before, without secrets';
comment on column tracetrack.audit.after is 'the row after, without secrets';

comment on table tracetrack.audit_counter is 'How many rows of the audit each station has.';
comment on column tracetrack.audit_counter.station_id is 'station';
comment on column tracetrack.audit_counter.last is 'number of its last row';

comment on table tracetrack.seal is 'Seals over ledger and audit, each over the one before it. Append-only.';
comment on column tracetrack.seal.number is 'number';
comment on column tracetrack.seal.at is 'when it was made';
comment on column tracetrack.seal.source is 'ledger or audit';
comment on column tracetrack.seal.first is 'number of the first row that it covers';
comment on column tracetrack.seal.last is 'number of the last one';
comment on column tracetrack.seal.rows is 'how many rows have such a number';
comment on column tracetrack.seal.previous is 'hash of the seal before';
comment on column tracetrack.seal.hash is 'SHA-256 of all that: what to keep elsewhere';
comment on column tracetrack.seal.rows_hash is 'SHA-256 of the SHA-256 of each row, by number';
comment on column tracetrack.seal.digests is 'number and first 8 bytes of the hash of each row, so that a bad one can be named';

comment on table tracetrack.seal_mark is 'How far ledger and audit may be sealed.';
comment on column tracetrack.seal_mark.source is 'ledger or audit';
comment on column tracetrack.seal_mark.safe is 'up to this number nothing can be added any more';
comment on column tracetrack.seal_mark.mark is 'the next such number';
comment on column tracetrack.seal_mark.writers is 'transactions that it still waits for';

-- ---- figures

comment on table tracetrack.activity_state is 'How far the roll-up of the ledger is; one row.';
comment on column tracetrack.activity_state.one is 'true: there is one row only';
comment on column tracetrack.activity_state.rolled is 'the figures hold the events up to this number';
comment on column tracetrack.activity_state.settled is 'all events up to this number have come';
comment on column tracetrack.activity_state.next_number is 'the next such number';
comment on column tracetrack.activity_state.next_xid is 'transaction whose end makes it so';
comment on column tracetrack.activity_state.at is 'when that was looked at last';
comment on column tracetrack.activity_state.zone is 'time zone of the hours and days of the roll-up';

comment on table tracetrack.activity_minute is 'Scans by minute and area, of the last nine days.';
comment on column tracetrack.activity_minute.minute is 'begin of the minute';
comment on column tracetrack.activity_minute.area_id is 'area of the station, else of the person, else 0';
comment on column tracetrack.activity_minute.scans is 'scans';
comment on column tracetrack.activity_minute.refused is 'of them refused';

comment on table tracetrack.activity_hour is 'Figures by hour and area.';
comment on column tracetrack.activity_hour.hour is 'begin of the hour';
comment on column tracetrack.activity_hour.area_id is 'area of the station, else of the person, else 0';
comment on column tracetrack.activity_hour.scans is 'scans';
comment on column tracetrack.activity_hour.done is 'of them done';
comment on column tracetrack.activity_hour.again is 'of what was done already';
comment on column tracetrack.activity_hour.refused is 'refused';
comment on column tracetrack.activity_hour.linked is 'children put into parents';
comment on column tracetrack.activity_hour.opened is 'parents opened';
comment on column tracetrack.activity_hour.closed is 'parents completed or closed short';
comment on column tracetrack.activity_hour.grams is 'what those weigh';

comment on table tracetrack.activity_day is 'Figures by business day, area, person and station.';
comment on column tracetrack.activity_day.day is 'business day';
comment on column tracetrack.activity_day.area_id is 'area of the station, else of the person, else 0';
comment on column tracetrack.activity_day.person_id is 'who';
comment on column tracetrack.activity_day.station_id is 'where';
comment on column tracetrack.activity_day.scans is 'scans';
comment on column tracetrack.activity_day.done is 'of them done';
comment on column tracetrack.activity_day.again is 'of what was done already';
comment on column tracetrack.activity_day.refused is 'refused';
comment on column tracetrack.activity_day.linked is 'children put into parents';
comment on column tracetrack.activity_day.opened is 'parents opened';
comment on column tracetrack.activity_day.closed is 'parents completed or closed short';
comment on column tracetrack.activity_day.grams is 'what those weigh';
comment on column tracetrack.activity_day.first_at is 'first scan';
comment on column tracetrack.activity_day.last_at is 'last scan';

comment on table tracetrack.dashboard_kept is 'The figures of the dashboard as they were computed last, for all who ask within the setting figures_age; not logged, and so empty after a crash.';
comment on column tracetrack.dashboard_kept.area_id is 'of that area, -1: of all';
comment on column tracetrack.dashboard_kept.top is 'people and stations at most';
comment on column tracetrack.dashboard_kept.at is 'when they were so';
comment on column tracetrack.dashboard_kept.version is 'what stats.changes would have said of them';
comment on column tracetrack.dashboard_kept.day is 'business day';
comment on column tracetrack.dashboard_kept.totals is 'bags in their states, scans since the beginning';
comment on column tracetrack.dashboard_kept.today is 'scans by what came of them, parents, weight closed';
comment on column tracetrack.dashboard_kept.minutes is 'scans of the last 60 minutes, the last of them being that of at';
comment on column tracetrack.dashboard_kept.minutes_yesterday is 'the same a day before';
comment on column tracetrack.dashboard_kept.hours is 'scans of each hour of the day';
comment on column tracetrack.dashboard_kept.hours_yesterday is 'of the day before';
comment on column tracetrack.dashboard_kept.hours_last_week is 'of that day a week before';
comment on column tracetrack.dashboard_kept.people is 'the busiest people of the day';
comment on column tracetrack.dashboard_kept.stations is 'the worst stations of the day';
comment on column tracetrack.dashboard_kept.refusals is 'refusals of the day by kind';
comment on column tracetrack.dashboard_kept.bills is 'bills that are open, and those of the day';
comment on column tracetrack.dashboard_kept.exceptions is 'exceptions that wait for somebody';
comment on column tracetrack.dashboard_kept.sessions is 'sessions that live';
comment on column tracetrack.dashboard_kept.hour_last_week is 'the 60 minutes of a week before';
comment on column tracetrack.dashboard_kept.exceptions_since is 'when the oldest of the exceptions was scanned';

comment on table tracetrack.activity_outcome is 'Scans by business day, area and outcome.';
comment on column tracetrack.activity_outcome.day is 'business day';
comment on column tracetrack.activity_outcome.area_id is 'area of the station, else of the person, else 0';
comment on column tracetrack.activity_outcome.outcome is 'outcome';
comment on column tracetrack.activity_outcome.scans is 'scans with that outcome';

-- ---- exports and imports

comment on table tracetrack.export_next is 'Where the next page of an export begins, once: that page is no export of its own. Kept for a day.';
comment on column tracetrack.export_next.id is 'number';
comment on column tracetrack.export_next.person_id is 'who exports';
comment on column tracetrack.export_next.what is 'bags, scans, bills or audit';
comment on column tracetrack.export_next.key is 'key behind which it goes on';
comment on column tracetrack.export_next.at is 'when the page before it was opened';

comment on table tracetrack.import is 'Imports of files: what was asked for and how far each is.';
comment on column tracetrack.import.id is 'number within the database';
comment on column tracetrack.import.request is 'request id, by which clients know it';
comment on column tracetrack.import.base is 'what the ids of its events begin with';
comment on column tracetrack.import.kind is 'bags, children or bills';
comment on column tracetrack.import.mode is 'good: bad rows are left out; all: nothing if a row is bad; dry: nothing stays';
comment on column tracetrack.import.file is 'name of the file';
comment on column tracetrack.import.sum is 'SHA-256 of the file';
comment on column tracetrack.import.rows is 'rows in it';
comment on column tracetrack.import.last_line is 'line on which the last of them begins';
comment on column tracetrack.import.area_id is 'area of parents that name none';
comment on column tracetrack.import.person_id is 'by whom';
comment on column tracetrack.import.station_id is 'where';
comment on column tracetrack.import.session_id is 'session';
comment on column tracetrack.import.state is 'staging, staged, applying, done or cancelled';
comment on column tracetrack.import.families is 'what the code families were when its rows were staged';
comment on column tracetrack.import.phase is '1: parents are opened; 2: children are linked';
comment on column tracetrack.import.line is 'last line that was applied in this phase';
comment on column tracetrack.import.opened is 'parents opened';
comment on column tracetrack.import.linked is 'children linked';
comment on column tracetrack.import.completed is 'parents completed';
comment on column tracetrack.import.again is 'rows that were so already';
comment on column tracetrack.import.refused is 'rows that were refused';
comment on column tracetrack.import.started_at is 'when it began';
comment on column tracetrack.import.ended_at is 'when it was done or cancelled';
comment on column tracetrack.import.reason is 'why it was cancelled';

comment on table tracetrack.import_row is 'Rows of files that are not applied yet. Unlogged: a server that breaks down forgets them, and the client sends its file again.';
comment on column tracetrack.import_row.import_id is 'import';
comment on column tracetrack.import_row.phase is 'phase in which it is applied';
comment on column tracetrack.import_row.line is 'line of the file';
comment on column tracetrack.import_row.family_id is 'code family of its code';
comment on column tracetrack.import_row.code is 'code';
comment on column tracetrack.import_row.parent is 'parent of a child';
comment on column tracetrack.import_row.area is 'area of a parent';
comment on column tracetrack.import_row.grams is 'weight';
comment on column tracetrack.import_row.destination is 'where a bill goes';
comment on column tracetrack.import_row.vehicle is 'number plate of its truck';
comment on column tracetrack.import_row.capacity is 'parents that it takes';
comment on column tracetrack.import_row.why is 'what is wrong with it';

comment on table tracetrack.import_bad is 'Rows of files that were refused.';
comment on column tracetrack.import_bad.import_id is 'import';
comment on column tracetrack.import_bad.line is 'line of the file';
comment on column tracetrack.import_bad.outcome is 'why it was refused';
comment on column tracetrack.import_bad.code is 'code';
comment on column tracetrack.import_bad.parent is 'parent';
comment on column tracetrack.import_bad.position is 'place where the child is';
comment on column tracetrack.import_bad.other is 'what stands in the way';
comment on column tracetrack.import_bad.other_at is 'since when';
comment on column tracetrack.import_bad.other_by is 'who put it there';
comment on column tracetrack.import_bad.other_station is 'where';
comment on column tracetrack.import_bad.why is 'what is wrong with the row';
