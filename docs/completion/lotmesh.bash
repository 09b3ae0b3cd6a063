# Made by `lotmesh completion bash`; do not edit.

_lotmesh_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}
_lotmesh_codes() {
    _lotmesh_words 'LOT0001 LOT0002 LOT0003 LOT0004 LOT0005 LOT0006 LOT0101 LOT0102 LOT0103 LOT0104 LOT0105 LOT0106 LOT0107 LOT0108 LOT0109 LOT0110 LOT0111 LOT0112 LOT0113 LOT0114 LOT0115 LOT0116 LOT0117 LOT0201 LOT0202 LOT0203 LOT0204 LOT0205 LOT0206 LOT0207 LOT0208 LOT0209 LOT0210 LOT0211 LOT0212 LOT0213 LOT0214 LOT0215 LOT0216 LOT0217 LOT0218 LOT0219 LOT0220 LOT0221 LOT0222 LOT0301 LOT0302 LOT0303 LOT0304 LOT0305 LOT0306 LOT0307 LOT0308 LOT0309 LOT0310 LOT0311 LOT0312 LOT0313 LOT0314 LOT0401 LOT0402 LOT0403 LOT0501 LOT0502 LOT0503 LOT0504 LOT0505 LOT0506 LOT0507 LOT0508 LOT0509 LOT0510 LOT0511 LOT0512 LOT0513 LOT0514 LOT0515 LOT0516 LOT0517 LOT0518 LOT0519 LOT0601 LOT0602 LOT0603 LOT0604 LOT0605 LOT0606 LOT0607 LOT0608 LOT0609 LOT0610 LOT0611 LOT0612 LOT0613 LOT0614 LOT0615 LOT0616 LOT0617 LOT0618 LOT0619 LOT0620 LOT0621 LOT0622 input syntax structure values support advice cluster warnings'
}
_lotmesh_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
}
_lotmesh() {
    local current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _lotmesh_words 'serve lint fmt explain graph trace plan apply confirm history rollback status passwd new acl import completion man --help --version'
        return
    fi
    case ${COMP_WORDS[1]} in
        serve)
            case $previous in
                --listen) :; return ;;
                --ws-origin) :; return ;;
                --trusted-proxy) :; return ;;
                --limit) :; return ;;
                --tls-certificate) _lotmesh_files; return ;;
                --tls-key) _lotmesh_files; return ;;
                --tls-client-certificates) :; return ;;
                --tls-client-ca) _lotmesh_files; return ;;
                --tls-crl) _lotmesh_files; return ;;
                --tls-name-from) :; return ;;
                --tls-psk) _lotmesh_files; return ;;
                --password-file) _lotmesh_files; return ;;
                --acl-file) _lotmesh_files; return ;;
                --jwt-key) _lotmesh_files; return ;;
                --jwt-audience) :; return ;;
                --jwt-issuer) :; return ;;
                --audit-log) _lotmesh_files; return ;;
                --server-reference) :; return ;;
                --response-information) :; return ;;
                --routes) _lotmesh_files; return ;;
                --name) :; return ;;
                --data) _lotmesh_files; return ;;
                --cluster-credentials) _lotmesh_files; return ;;
                --log-level) _lotmesh_words 'debug info warning error'; return ;;
                --port-file) _lotmesh_files; return ;;
                --config) _lotmesh_files; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --listen --ws-origin --trusted-proxy --limit --tls-certificate --tls-key --tls-client-certificates --tls-client-ca --tls-crl --tls-name-from --tls-psk --password-file --acl-file --jwt-key --jwt-audience --jwt-issuer --allow-anonymous --audit-log --core-dumps --server-reference --response-information --routes --name --data --cluster-credentials --log-level --log-topics --port-file --config'
            else
                :
            fi ;;
        lint)
            case $previous in
                --colour|--color) _lotmesh_words 'auto always never'; return ;;
                --format) _lotmesh_words 'text short json sarif github junit'; return ;;
                -W|--warn) _lotmesh_codes; return ;;
                -A|--allow) _lotmesh_codes; return ;;
                -D|--deny) _lotmesh_codes; return ;;
                --cluster) _lotmesh_files; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --colour --color --format -W --warn -A --allow -D --deny --deny-warnings --portable --plan --fix --cluster --deploy --online'
            else
                _lotmesh_files
            fi ;;
        fmt)
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --check --diff'
            else
                _lotmesh_files
            fi ;;
        explain)
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help'
            else
                _lotmesh_codes
            fi ;;
        graph)
            case $previous in
                --format) _lotmesh_words 'text dot mermaid svg json'; return ;;
                --live) :; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --format --live'
            else
                _lotmesh_files
            fi ;;
        trace)
            case $previous in
                --from) :; return ;;
                --topic) :; return ;;
                --without) :; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --from --topic --without --json'
            else
                _lotmesh_files
            fi ;;
        plan)
            case $previous in
                --against) :; return ;;
                --format) _lotmesh_words 'text json'; return ;;
                --out) _lotmesh_files; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --against --format --out'
            else
                _lotmesh_files
            fi ;;
        apply)
            case $previous in
                --to) :; return ;;
                --health-within) :; return ;;
                --confirm-within) :; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --to --health-within --confirm-within'
            else
                _lotmesh_files
            fi ;;
        confirm)
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help'
            else
                :
            fi ;;
        history)
            case $previous in
                --format) _lotmesh_words 'text json'; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --format'
            else
                :
            fi ;;
        rollback)
            case $previous in
                --to) :; return ;;
                --health-within) :; return ;;
                --confirm-within) :; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --to --health-within --confirm-within'
            else
                :
            fi ;;
        status)
            case $previous in
                --format) _lotmesh_words 'text json'; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --format --watch'
            else
                :
            fi ;;
        passwd)
            case $previous in
                --iterations) :; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --scram --iterations --delete'
            else
                :
            fi ;;
        new)
            case $previous in
                --nodes) :; return ;;
                --port) :; return ;;
                --days) :; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --nodes --tls --port --days'
            else
                _lotmesh_files
            fi ;;
        acl)
            case $previous in
                --user) :; return ;;
                --client) :; return ;;
                --group) :; return ;;
                --listener) :; return ;;
                --action) _lotmesh_words 'connect publish subscribe receive retain will sys admin cluster'; return ;;
                --topic) :; return ;;
            esac
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help --user --client --group --listener --action --topic'
            else
                _lotmesh_files
            fi ;;
        import)
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help'
            else
                _lotmesh_files
            fi ;;
        completion)
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help'
            else
                _lotmesh_words 'bash zsh fish'
            fi ;;
        man)
            if [[ $current == -* ]]; then
                _lotmesh_words '-h --help'
            else
                :
            fi ;;
    esac
}
complete -F _lotmesh lotmesh
