# For tests that need a port. To be sourced.
# shellcheck shell=bash

# A port on which nobody listens, and where nobody will in passing: connections get theirs from a
# range of the kernel's, sandboxes take 20000 to 31999.
free_port() {
    local port first
    read -r first _ </proc/sys/net/ipv4/ip_local_port_range
    for port in $(shuf -i "10000-$(((first > 10000 && first < 20000 ? first : 20000) - 1))" -n 200); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}
