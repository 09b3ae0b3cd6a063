
// Generated from Lot.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"




class  LotParser : public antlr4::Parser {
public:
  enum {
    DEFINE = 1, ADD = 2, WITH = 3, STORE = 4, ROUTE = 5, GET = 6, ENV = 7, 
    SECRET = 8, RANDOM = 9, UUID = 10, UNIT = 11, PLUS = 12, NUMBER = 13, 
    IDENT = 14, STRING = 15, QUOTED = 16, OPEN_STRING = 17, LINE_COMMENT = 18, 
    BLOCK_COMMENT = 19, OPEN_COMMENT = 20, SPACE = 21, BAD = 22, RULE = 23, 
    FOR = 24, TO = 25, TOPIC = 26, IF = 27, THEN = 28, ELSE = 29, ALLOW = 30, 
    DENY = 31, USER = 32, CLIENTID = 33, ANONYMOUS = 34, ANYBODY = 35, IS = 36, 
    IN = 37, GROUP = 38, HAS = 39, MATCHES = 40, REGEX = 41, AND = 42, OR = 43, 
    NOT = 44, OPEN = 45, CLOSE = 46
  };

  enum {
    RuleDefinition = 0, RuleRoute = 1, RuleForeign = 2, RuleName = 3, RuleStatement = 4, 
    RuleAdd = 5, RuleLabel = 6, RuleStore = 7, RuleWith = 8, RuleAccess = 9, 
    RuleClause = 10, RuleScope = 11, RuleTopic = 12, RuleCondition = 13, 
    RuleThen = 14, RuleOtherwise = 15, RuleVerdict = 16, RulePiece = 17, 
    RuleUser = 18, RuleClient = 19, RuleValue = 20, RuleTerm = 21, RuleReference = 22, 
    RuleRandom = 23, RuleWord = 24, RuleBare = 25
  };

  LotParser(antlr4::TokenStream *input);
  ~LotParser();

  virtual std::string getGrammarFileName() const override;
  virtual const antlr4::atn::ATN& getATN() const override { return _atn; };
  virtual const std::vector<std::string>& getTokenNames() const override { return _tokenNames; }; // deprecated: use vocabulary instead.
  virtual const std::vector<std::string>& getRuleNames() const override;
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;


  class DefinitionContext;
  class RouteContext;
  class ForeignContext;
  class NameContext;
  class StatementContext;
  class AddContext;
  class LabelContext;
  class StoreContext;
  class WithContext;
  class AccessContext;
  class ClauseContext;
  class ScopeContext;
  class TopicContext;
  class ConditionContext;
  class ThenContext;
  class OtherwiseContext;
  class VerdictContext;
  class PieceContext;
  class UserContext;
  class ClientContext;
  class ValueContext;
  class TermContext;
  class ReferenceContext;
  class RandomContext;
  class WordContext;
  class BareContext; 

  class  DefinitionContext : public antlr4::ParserRuleContext {
  public:
    DefinitionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *DEFINE();
    antlr4::tree::TerminalNode *EOF();
    RouteContext *route();
    AccessContext *access();
    ForeignContext *foreign();

   
  };

  DefinitionContext* definition();

  class  RouteContext : public antlr4::ParserRuleContext {
  public:
    RouteContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ROUTE();
    NameContext *name();
    std::vector<StatementContext *> statement();
    StatementContext* statement(size_t i);

   
  };

  RouteContext* route();

  class  ForeignContext : public antlr4::ParserRuleContext {
  public:
    ForeignContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENT();

   
  };

  ForeignContext* foreign();

  class  NameContext : public antlr4::ParserRuleContext {
  public:
    NameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    WordContext *word();
    antlr4::tree::TerminalNode *STRING();
    antlr4::tree::TerminalNode *QUOTED();

   
  };

  NameContext* name();

  class  StatementContext : public antlr4::ParserRuleContext {
  public:
    StatementContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    AddContext *add();
    WithContext *with();
    StoreContext *store();

   
  };

  StatementContext* statement();

  class  AddContext : public antlr4::ParserRuleContext {
  public:
    AddContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ADD();
    WordContext *word();
    LabelContext *label();

   
  };

  AddContext* add();

  class  LabelContext : public antlr4::ParserRuleContext {
  public:
    LabelContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    WordContext *word();
    antlr4::tree::TerminalNode *STRING();

   
  };

  LabelContext* label();

  class  StoreContext : public antlr4::ParserRuleContext {
  public:
    StoreContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *STORE();
    LabelContext *label();

   
  };

  StoreContext* store();

  class  WithContext : public antlr4::ParserRuleContext {
  public:
    WithContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *WITH();
    WordContext *word();
    ValueContext *value();

   
  };

  WithContext* with();

  class  AccessContext : public antlr4::ParserRuleContext {
  public:
    AccessContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *RULE();
    NameContext *name();
    std::vector<ClauseContext *> clause();
    ClauseContext* clause(size_t i);

   
  };

  AccessContext* access();

  class  ClauseContext : public antlr4::ParserRuleContext {
  public:
    ClauseContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    WithContext *with();
    ScopeContext *scope();
    TopicContext *topic();
    ConditionContext *condition();
    ThenContext *then();
    OtherwiseContext *otherwise();

   
  };

  ClauseContext* clause();

  class  ScopeContext : public antlr4::ParserRuleContext {
  public:
    ScopeContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *FOR();
    WordContext *word();

   
  };

  ScopeContext* scope();

  class  TopicContext : public antlr4::ParserRuleContext {
  public:
    TopicContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *TO();
    antlr4::tree::TerminalNode *TOPIC();
    ValueContext *value();

   
  };

  TopicContext* topic();

  class  ConditionContext : public antlr4::ParserRuleContext {
  public:
    ConditionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IF();
    std::vector<PieceContext *> piece();
    PieceContext* piece(size_t i);

   
  };

  ConditionContext* condition();

  class  ThenContext : public antlr4::ParserRuleContext {
  public:
    ThenContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *THEN();
    VerdictContext *verdict();

   
  };

  ThenContext* then();

  class  OtherwiseContext : public antlr4::ParserRuleContext {
  public:
    OtherwiseContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ELSE();
    VerdictContext *verdict();

   
  };

  OtherwiseContext* otherwise();

  class  VerdictContext : public antlr4::ParserRuleContext {
  public:
    VerdictContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ALLOW();
    antlr4::tree::TerminalNode *DENY();

   
  };

  VerdictContext* verdict();

  class  PieceContext : public antlr4::ParserRuleContext {
  public:
    PieceContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *AND();
    antlr4::tree::TerminalNode *OR();
    antlr4::tree::TerminalNode *NOT();
    antlr4::tree::TerminalNode *OPEN();
    antlr4::tree::TerminalNode *CLOSE();
    antlr4::tree::TerminalNode *ANONYMOUS();
    antlr4::tree::TerminalNode *ANYBODY();
    UserContext *user();
    ClientContext *client();

   
  };

  PieceContext* piece();

  class  UserContext : public antlr4::ParserRuleContext {
  public:
    UserContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *USER();
    antlr4::tree::TerminalNode *IS();
    antlr4::tree::TerminalNode *IN();
    antlr4::tree::TerminalNode *HAS();
    ValueContext *value();
    antlr4::tree::TerminalNode *GROUP();
    WordContext *word();

   
  };

  UserContext* user();

  class  ClientContext : public antlr4::ParserRuleContext {
  public:
    ClientContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *CLIENTID();
    antlr4::tree::TerminalNode *IS();
    antlr4::tree::TerminalNode *MATCHES();
    ValueContext *value();
    antlr4::tree::TerminalNode *REGEX();

   
  };

  ClientContext* client();

  class  ValueContext : public antlr4::ParserRuleContext {
  public:
    ValueContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<TermContext *> term();
    TermContext* term(size_t i);
    std::vector<antlr4::tree::TerminalNode *> PLUS();
    antlr4::tree::TerminalNode* PLUS(size_t i);

   
  };

  ValueContext* value();

  class  TermContext : public antlr4::ParserRuleContext {
  public:
    TermContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *STRING();
    antlr4::tree::TerminalNode *OPEN_STRING();
    antlr4::tree::TerminalNode *QUOTED();
    antlr4::tree::TerminalNode *NUMBER();
    antlr4::tree::TerminalNode *UNIT();
    ReferenceContext *reference();
    RandomContext *random();
    BareContext *bare();

   
  };

  TermContext* term();

  class  ReferenceContext : public antlr4::ParserRuleContext {
  public:
    ReferenceContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *GET();
    antlr4::tree::TerminalNode *ENV();
    antlr4::tree::TerminalNode *SECRET();
    antlr4::tree::TerminalNode *STRING();

   
  };

  ReferenceContext* reference();

  class  RandomContext : public antlr4::ParserRuleContext {
  public:
    RandomContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *RANDOM();
    antlr4::tree::TerminalNode *UUID();

   
  };

  RandomContext* random();

  class  WordContext : public antlr4::ParserRuleContext {
  public:
    WordContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENT();
    antlr4::tree::TerminalNode *ROUTE();
    antlr4::tree::TerminalNode *ENV();
    antlr4::tree::TerminalNode *SECRET();
    antlr4::tree::TerminalNode *RANDOM();
    antlr4::tree::TerminalNode *UUID();
    antlr4::tree::TerminalNode *UNIT();
    antlr4::tree::TerminalNode *GET();

   
  };

  WordContext* word();

  class  BareContext : public antlr4::ParserRuleContext {
  public:
    BareContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENT();
    antlr4::tree::TerminalNode *ROUTE();
    antlr4::tree::TerminalNode *ENV();
    antlr4::tree::TerminalNode *SECRET();
    antlr4::tree::TerminalNode *UUID();
    antlr4::tree::TerminalNode *UNIT();

   
  };

  BareContext* bare();


private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

