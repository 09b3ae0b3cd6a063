// The route part of the Language of Things, as lotmesh reads it.
//
// Syntax knows no meaning: a definition is a head and a flat list of statements, each begun by its
// keyword. Which block a WITH belongs to, which keys exist and what a value may be is decided later
// (compiler/parse/build_ast, compiler/sema/schema). What may be missing is optional here, so that the
// one who knows what belongs there can say so.
//
// LL(1): every decision is made by the next token, without adaptive prediction. The lexer is silent:
// OPEN_STRING, OPEN_COMMENT and BAD take what nothing else takes. Characters are bytes.
grammar Lot;

// Words of rules are these in a rule only, and words as any other elsewhere: the lexer knows none of
// them, compiler/parse/rule_words turns IDENT and BAD into them.
tokens {
    RULE, FOR, TO, TOPIC, IF, THEN, ELSE, ALLOW, DENY, USER, CLIENTID, ANONYMOUS, ANYBODY,
    IS, IN, GROUP, HAS, MATCHES, REGEX, AND, OR, NOT, OPEN, CLOSE
}

// One definition at a time (compiler/parse/definition_reader). The body of a foreign definition is
// not part of the input: it is skipped.
definition : DEFINE ( route | access | foreign )? EOF ;

route     : ROUTE name? statement* ;
foreign   : IDENT ;

name      : word | STRING | QUOTED ;
statement : add | with | store ;

add       : ADD ( word label? )? ;
label     : word | STRING ;
store     : STORE label? ;
with      : WITH ( word value? )? ;

// DEFINE RULE. What a condition means is none of the parser's business either: it is a flat list, so
// that no depth of parentheses can be too deep for it.
access    : RULE name? clause* ;
clause    : with | scope | topic | condition | then | otherwise ;

scope     : FOR word? ;
topic     : TO ( TOPIC value? )? ;
condition : IF piece* ;
then      : THEN verdict? ;
otherwise : ELSE verdict? ;
verdict   : ALLOW | DENY ;

piece     : AND | OR | NOT | OPEN | CLOSE | ANONYMOUS | ANYBODY | user | client ;
user      : USER ( IS value? | IN ( GROUP value? )? | HAS word? )? ;
client    : CLIENTID ( IS value? | MATCHES REGEX? value? )? ;

value     : term ( PLUS term )* ;
term      : STRING | OPEN_STRING | QUOTED | NUMBER UNIT? | reference | random | bare ;
reference : GET ( ( ENV | SECRET ) STRING? )? ;
random    : RANDOM UUID? ;

// Words that are keywords elsewhere are names, kinds and keys too: WITH TYPE, WITH ENV "x".
word      : IDENT | ROUTE | ENV | SECRET | RANDOM | UUID | UNIT | GET ;
bare      : IDENT | ROUTE | ENV | SECRET | UUID | UNIT ;

DEFINE : 'DEFINE' ;
ADD    : 'ADD' ;
WITH   : 'WITH' ;
STORE  : 'STORE' ;
ROUTE  : 'ROUTE' ;
GET    : 'GET' ;
ENV    : 'ENV' ;
SECRET : 'SECRET' ;
RANDOM : 'RANDOM' ;
UUID   : 'UUID' ;
UNIT   : ( 'MILLISECOND' | 'SECOND' | 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR' ) 'S'? ;
PLUS   : '+' ;

// Greedy on purpose: 30s, 192.168.1.7 and 18x4 are each one thing that is not a number.
NUMBER : '-'? [0-9] [A-Za-z0-9_.:]* ;
// A name does not end in a dash: what follows may be a comment.
IDENT  : [A-Za-z_] ( [A-Za-z0-9_.] | '-'+ [A-Za-z0-9_.] )* ;

STRING      : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '"' ;
QUOTED      : '\'' ~['\r\n]* '\'' ;
OPEN_STRING : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '\\'? | '\'' ~['\r\n]* ;

LINE_COMMENT  : ( '//' | '--' ) ~[\r\n]* -> channel(HIDDEN) ;
BLOCK_COMMENT : '/*' .*? '*/' -> channel(HIDDEN) ;
OPEN_COMMENT  : '/*' ;  // only what BLOCK_COMMENT, being longer, does not take
SPACE         : [ \t\r\n\f]+ -> skip ;
BAD           : [\u0080-\u00FF]+ | . ;
