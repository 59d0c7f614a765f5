-- Where the hosts of a load run meet: the run, its agents, and what each of them counted in each
-- second. Made by tracetrack-stress run --hosts, in databases that are marked as test databases; the
-- rows of a run are deleted when it is over, and those that were left behind after a day.

create schema if not exists tracetrack_stress;

create table if not exists tracetrack_stress.run (
	id bigint generated always as identity primary key,
	program text not null,
	profile_name text not null,
	profile json not null,
	hosts integer not null,
	clients integer not null,
	seed bigint not null,
	scale double precision not null,
	rate double precision not null,
	began_at timestamptz not null,
	agents integer not null default 0, -- that have registered
	go_at timestamptz, -- the barrier: null until the stations of all hosts have logged in
	stop_because text,
	seen_at timestamptz not null default pg_catalog.clock_timestamp(),
	constraint run_agents_fit check (agents between 0 and hosts)
);

create table if not exists tracetrack_stress.agent (
	run_id bigint not null references tracetrack_stress.run on delete cascade,
	number integer not null,
	host text not null,
	pid bigint not null,
	cores integer not null,
	is_in boolean not null default false, -- its stations have logged in
	seen_at timestamptz not null default pg_catalog.clock_timestamp(),
	result json, -- when its part is over
	primary key (run_id, number)
);

create table if not exists tracetrack_stress.second (
	run_id bigint not null,
	agent integer not null,
	number integer not null,
	counted json not null,
	primary key (run_id, agent, number),
	foreign key (run_id, agent) references tracetrack_stress.agent on delete cascade
);
