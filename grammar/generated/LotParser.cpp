
// Generated from Lot.g4 by ANTLR 4.7.2



#include "LotParser.h"


using namespace antlrcpp;
using namespace antlr4;

LotParser::LotParser(TokenStream *input) : Parser(input) {
  _interpreter = new atn::ParserATNSimulator(this, _atn, _decisionToDFA, _sharedContextCache);
}

LotParser::~LotParser() {
  delete _interpreter;
}

std::string LotParser::getGrammarFileName() const {
  return "Lot.g4";
}

const std::vector<std::string>& LotParser::getRuleNames() const {
  return _ruleNames;
}

dfa::Vocabulary& LotParser::getVocabulary() const {
  return _vocabulary;
}


//----------------- DefinitionContext ------------------------------------------------------------------

LotParser::DefinitionContext::DefinitionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::DefinitionContext::DEFINE() {
  return getToken(LotParser::DEFINE, 0);
}

tree::TerminalNode* LotParser::DefinitionContext::EOF() {
  return getToken(LotParser::EOF, 0);
}

LotParser::RouteContext* LotParser::DefinitionContext::route() {
  return getRuleContext<LotParser::RouteContext>(0);
}

LotParser::AccessContext* LotParser::DefinitionContext::access() {
  return getRuleContext<LotParser::AccessContext>(0);
}

LotParser::ForeignContext* LotParser::DefinitionContext::foreign() {
  return getRuleContext<LotParser::ForeignContext>(0);
}


size_t LotParser::DefinitionContext::getRuleIndex() const {
  return LotParser::RuleDefinition;
}


LotParser::DefinitionContext* LotParser::definition() {
  DefinitionContext *_localctx = _tracker.createInstance<DefinitionContext>(_ctx, getState());
  enterRule(_localctx, 0, LotParser::RuleDefinition);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(52);
    match(LotParser::DEFINE);
    setState(56);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::ROUTE: {
        setState(53);
        route();
        break;
      }

      case LotParser::RULE: {
        setState(54);
        access();
        break;
      }

      case LotParser::IDENT: {
        setState(55);
        foreign();
        break;
      }

      case LotParser::EOF: {
        break;
      }

    default:
      break;
    }
    setState(58);
    match(LotParser::EOF);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- RouteContext ------------------------------------------------------------------

LotParser::RouteContext::RouteContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::RouteContext::ROUTE() {
  return getToken(LotParser::ROUTE, 0);
}

LotParser::NameContext* LotParser::RouteContext::name() {
  return getRuleContext<LotParser::NameContext>(0);
}

std::vector<LotParser::StatementContext *> LotParser::RouteContext::statement() {
  return getRuleContexts<LotParser::StatementContext>();
}

LotParser::StatementContext* LotParser::RouteContext::statement(size_t i) {
  return getRuleContext<LotParser::StatementContext>(i);
}


size_t LotParser::RouteContext::getRuleIndex() const {
  return LotParser::RuleRoute;
}


LotParser::RouteContext* LotParser::route() {
  RouteContext *_localctx = _tracker.createInstance<RouteContext>(_ctx, getState());
  enterRule(_localctx, 2, LotParser::RuleRoute);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(60);
    match(LotParser::ROUTE);
    setState(62);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::GET)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::RANDOM)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT)
      | (1ULL << LotParser::STRING)
      | (1ULL << LotParser::QUOTED))) != 0)) {
      setState(61);
      name();
    }
    setState(67);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ADD)
      | (1ULL << LotParser::WITH)
      | (1ULL << LotParser::STORE))) != 0)) {
      setState(64);
      statement();
      setState(69);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ForeignContext ------------------------------------------------------------------

LotParser::ForeignContext::ForeignContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::ForeignContext::IDENT() {
  return getToken(LotParser::IDENT, 0);
}


size_t LotParser::ForeignContext::getRuleIndex() const {
  return LotParser::RuleForeign;
}


LotParser::ForeignContext* LotParser::foreign() {
  ForeignContext *_localctx = _tracker.createInstance<ForeignContext>(_ctx, getState());
  enterRule(_localctx, 4, LotParser::RuleForeign);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(70);
    match(LotParser::IDENT);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NameContext ------------------------------------------------------------------

LotParser::NameContext::NameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

LotParser::WordContext* LotParser::NameContext::word() {
  return getRuleContext<LotParser::WordContext>(0);
}

tree::TerminalNode* LotParser::NameContext::STRING() {
  return getToken(LotParser::STRING, 0);
}

tree::TerminalNode* LotParser::NameContext::QUOTED() {
  return getToken(LotParser::QUOTED, 0);
}


size_t LotParser::NameContext::getRuleIndex() const {
  return LotParser::RuleName;
}


LotParser::NameContext* LotParser::name() {
  NameContext *_localctx = _tracker.createInstance<NameContext>(_ctx, getState());
  enterRule(_localctx, 6, LotParser::RuleName);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(75);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::ROUTE:
      case LotParser::GET:
      case LotParser::ENV:
      case LotParser::SECRET:
      case LotParser::RANDOM:
      case LotParser::UUID:
      case LotParser::UNIT:
      case LotParser::IDENT: {
        enterOuterAlt(_localctx, 1);
        setState(72);
        word();
        break;
      }

      case LotParser::STRING: {
        enterOuterAlt(_localctx, 2);
        setState(73);
        match(LotParser::STRING);
        break;
      }

      case LotParser::QUOTED: {
        enterOuterAlt(_localctx, 3);
        setState(74);
        match(LotParser::QUOTED);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- StatementContext ------------------------------------------------------------------

LotParser::StatementContext::StatementContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

LotParser::AddContext* LotParser::StatementContext::add() {
  return getRuleContext<LotParser::AddContext>(0);
}

LotParser::WithContext* LotParser::StatementContext::with() {
  return getRuleContext<LotParser::WithContext>(0);
}

LotParser::StoreContext* LotParser::StatementContext::store() {
  return getRuleContext<LotParser::StoreContext>(0);
}


size_t LotParser::StatementContext::getRuleIndex() const {
  return LotParser::RuleStatement;
}


LotParser::StatementContext* LotParser::statement() {
  StatementContext *_localctx = _tracker.createInstance<StatementContext>(_ctx, getState());
  enterRule(_localctx, 8, LotParser::RuleStatement);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(80);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::ADD: {
        enterOuterAlt(_localctx, 1);
        setState(77);
        add();
        break;
      }

      case LotParser::WITH: {
        enterOuterAlt(_localctx, 2);
        setState(78);
        with();
        break;
      }

      case LotParser::STORE: {
        enterOuterAlt(_localctx, 3);
        setState(79);
        store();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- AddContext ------------------------------------------------------------------

LotParser::AddContext::AddContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::AddContext::ADD() {
  return getToken(LotParser::ADD, 0);
}

LotParser::WordContext* LotParser::AddContext::word() {
  return getRuleContext<LotParser::WordContext>(0);
}

LotParser::LabelContext* LotParser::AddContext::label() {
  return getRuleContext<LotParser::LabelContext>(0);
}


size_t LotParser::AddContext::getRuleIndex() const {
  return LotParser::RuleAdd;
}


LotParser::AddContext* LotParser::add() {
  AddContext *_localctx = _tracker.createInstance<AddContext>(_ctx, getState());
  enterRule(_localctx, 10, LotParser::RuleAdd);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(82);
    match(LotParser::ADD);
    setState(87);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::GET)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::RANDOM)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT))) != 0)) {
      setState(83);
      word();
      setState(85);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
        | (1ULL << LotParser::GET)
        | (1ULL << LotParser::ENV)
        | (1ULL << LotParser::SECRET)
        | (1ULL << LotParser::RANDOM)
        | (1ULL << LotParser::UUID)
        | (1ULL << LotParser::UNIT)
        | (1ULL << LotParser::IDENT)
        | (1ULL << LotParser::STRING))) != 0)) {
        setState(84);
        label();
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- LabelContext ------------------------------------------------------------------

LotParser::LabelContext::LabelContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

LotParser::WordContext* LotParser::LabelContext::word() {
  return getRuleContext<LotParser::WordContext>(0);
}

tree::TerminalNode* LotParser::LabelContext::STRING() {
  return getToken(LotParser::STRING, 0);
}


size_t LotParser::LabelContext::getRuleIndex() const {
  return LotParser::RuleLabel;
}


LotParser::LabelContext* LotParser::label() {
  LabelContext *_localctx = _tracker.createInstance<LabelContext>(_ctx, getState());
  enterRule(_localctx, 12, LotParser::RuleLabel);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(91);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::ROUTE:
      case LotParser::GET:
      case LotParser::ENV:
      case LotParser::SECRET:
      case LotParser::RANDOM:
      case LotParser::UUID:
      case LotParser::UNIT:
      case LotParser::IDENT: {
        enterOuterAlt(_localctx, 1);
        setState(89);
        word();
        break;
      }

      case LotParser::STRING: {
        enterOuterAlt(_localctx, 2);
        setState(90);
        match(LotParser::STRING);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- StoreContext ------------------------------------------------------------------

LotParser::StoreContext::StoreContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::StoreContext::STORE() {
  return getToken(LotParser::STORE, 0);
}

LotParser::LabelContext* LotParser::StoreContext::label() {
  return getRuleContext<LotParser::LabelContext>(0);
}


size_t LotParser::StoreContext::getRuleIndex() const {
  return LotParser::RuleStore;
}


LotParser::StoreContext* LotParser::store() {
  StoreContext *_localctx = _tracker.createInstance<StoreContext>(_ctx, getState());
  enterRule(_localctx, 14, LotParser::RuleStore);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(93);
    match(LotParser::STORE);
    setState(95);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::GET)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::RANDOM)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT)
      | (1ULL << LotParser::STRING))) != 0)) {
      setState(94);
      label();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- WithContext ------------------------------------------------------------------

LotParser::WithContext::WithContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::WithContext::WITH() {
  return getToken(LotParser::WITH, 0);
}

LotParser::WordContext* LotParser::WithContext::word() {
  return getRuleContext<LotParser::WordContext>(0);
}

LotParser::ValueContext* LotParser::WithContext::value() {
  return getRuleContext<LotParser::ValueContext>(0);
}


size_t LotParser::WithContext::getRuleIndex() const {
  return LotParser::RuleWith;
}


LotParser::WithContext* LotParser::with() {
  WithContext *_localctx = _tracker.createInstance<WithContext>(_ctx, getState());
  enterRule(_localctx, 16, LotParser::RuleWith);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(97);
    match(LotParser::WITH);
    setState(102);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::GET)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::RANDOM)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT))) != 0)) {
      setState(98);
      word();
      setState(100);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
        | (1ULL << LotParser::GET)
        | (1ULL << LotParser::ENV)
        | (1ULL << LotParser::SECRET)
        | (1ULL << LotParser::RANDOM)
        | (1ULL << LotParser::UUID)
        | (1ULL << LotParser::UNIT)
        | (1ULL << LotParser::NUMBER)
        | (1ULL << LotParser::IDENT)
        | (1ULL << LotParser::STRING)
        | (1ULL << LotParser::QUOTED)
        | (1ULL << LotParser::OPEN_STRING))) != 0)) {
        setState(99);
        value();
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- AccessContext ------------------------------------------------------------------

LotParser::AccessContext::AccessContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::AccessContext::RULE() {
  return getToken(LotParser::RULE, 0);
}

LotParser::NameContext* LotParser::AccessContext::name() {
  return getRuleContext<LotParser::NameContext>(0);
}

std::vector<LotParser::ClauseContext *> LotParser::AccessContext::clause() {
  return getRuleContexts<LotParser::ClauseContext>();
}

LotParser::ClauseContext* LotParser::AccessContext::clause(size_t i) {
  return getRuleContext<LotParser::ClauseContext>(i);
}


size_t LotParser::AccessContext::getRuleIndex() const {
  return LotParser::RuleAccess;
}


LotParser::AccessContext* LotParser::access() {
  AccessContext *_localctx = _tracker.createInstance<AccessContext>(_ctx, getState());
  enterRule(_localctx, 18, LotParser::RuleAccess);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(104);
    match(LotParser::RULE);
    setState(106);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::GET)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::RANDOM)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT)
      | (1ULL << LotParser::STRING)
      | (1ULL << LotParser::QUOTED))) != 0)) {
      setState(105);
      name();
    }
    setState(111);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::WITH)
      | (1ULL << LotParser::FOR)
      | (1ULL << LotParser::TO)
      | (1ULL << LotParser::IF)
      | (1ULL << LotParser::THEN)
      | (1ULL << LotParser::ELSE))) != 0)) {
      setState(108);
      clause();
      setState(113);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ClauseContext ------------------------------------------------------------------

LotParser::ClauseContext::ClauseContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

LotParser::WithContext* LotParser::ClauseContext::with() {
  return getRuleContext<LotParser::WithContext>(0);
}

LotParser::ScopeContext* LotParser::ClauseContext::scope() {
  return getRuleContext<LotParser::ScopeContext>(0);
}

LotParser::TopicContext* LotParser::ClauseContext::topic() {
  return getRuleContext<LotParser::TopicContext>(0);
}

LotParser::ConditionContext* LotParser::ClauseContext::condition() {
  return getRuleContext<LotParser::ConditionContext>(0);
}

LotParser::ThenContext* LotParser::ClauseContext::then() {
  return getRuleContext<LotParser::ThenContext>(0);
}

LotParser::OtherwiseContext* LotParser::ClauseContext::otherwise() {
  return getRuleContext<LotParser::OtherwiseContext>(0);
}


size_t LotParser::ClauseContext::getRuleIndex() const {
  return LotParser::RuleClause;
}


LotParser::ClauseContext* LotParser::clause() {
  ClauseContext *_localctx = _tracker.createInstance<ClauseContext>(_ctx, getState());
  enterRule(_localctx, 20, LotParser::RuleClause);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(120);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::WITH: {
        enterOuterAlt(_localctx, 1);
        setState(114);
        with();
        break;
      }

      case LotParser::FOR: {
        enterOuterAlt(_localctx, 2);
        setState(115);
        scope();
        break;
      }

      case LotParser::TO: {
        enterOuterAlt(_localctx, 3);
        setState(116);
        topic();
        break;
      }

      case LotParser::IF: {
        enterOuterAlt(_localctx, 4);
        setState(117);
        condition();
        break;
      }

      case LotParser::THEN: {
        enterOuterAlt(_localctx, 5);
        setState(118);
        then();
        break;
      }

      case LotParser::ELSE: {
        enterOuterAlt(_localctx, 6);
        setState(119);
        otherwise();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ScopeContext ------------------------------------------------------------------

LotParser::ScopeContext::ScopeContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::ScopeContext::FOR() {
  return getToken(LotParser::FOR, 0);
}

LotParser::WordContext* LotParser::ScopeContext::word() {
  return getRuleContext<LotParser::WordContext>(0);
}


size_t LotParser::ScopeContext::getRuleIndex() const {
  return LotParser::RuleScope;
}


LotParser::ScopeContext* LotParser::scope() {
  ScopeContext *_localctx = _tracker.createInstance<ScopeContext>(_ctx, getState());
  enterRule(_localctx, 22, LotParser::RuleScope);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(122);
    match(LotParser::FOR);
    setState(124);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::GET)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::RANDOM)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT))) != 0)) {
      setState(123);
      word();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- TopicContext ------------------------------------------------------------------

LotParser::TopicContext::TopicContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::TopicContext::TO() {
  return getToken(LotParser::TO, 0);
}

tree::TerminalNode* LotParser::TopicContext::TOPIC() {
  return getToken(LotParser::TOPIC, 0);
}

LotParser::ValueContext* LotParser::TopicContext::value() {
  return getRuleContext<LotParser::ValueContext>(0);
}


size_t LotParser::TopicContext::getRuleIndex() const {
  return LotParser::RuleTopic;
}


LotParser::TopicContext* LotParser::topic() {
  TopicContext *_localctx = _tracker.createInstance<TopicContext>(_ctx, getState());
  enterRule(_localctx, 24, LotParser::RuleTopic);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(126);
    match(LotParser::TO);
    setState(131);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == LotParser::TOPIC) {
      setState(127);
      match(LotParser::TOPIC);
      setState(129);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
        | (1ULL << LotParser::GET)
        | (1ULL << LotParser::ENV)
        | (1ULL << LotParser::SECRET)
        | (1ULL << LotParser::RANDOM)
        | (1ULL << LotParser::UUID)
        | (1ULL << LotParser::UNIT)
        | (1ULL << LotParser::NUMBER)
        | (1ULL << LotParser::IDENT)
        | (1ULL << LotParser::STRING)
        | (1ULL << LotParser::QUOTED)
        | (1ULL << LotParser::OPEN_STRING))) != 0)) {
        setState(128);
        value();
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ConditionContext ------------------------------------------------------------------

LotParser::ConditionContext::ConditionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::ConditionContext::IF() {
  return getToken(LotParser::IF, 0);
}

std::vector<LotParser::PieceContext *> LotParser::ConditionContext::piece() {
  return getRuleContexts<LotParser::PieceContext>();
}

LotParser::PieceContext* LotParser::ConditionContext::piece(size_t i) {
  return getRuleContext<LotParser::PieceContext>(i);
}


size_t LotParser::ConditionContext::getRuleIndex() const {
  return LotParser::RuleCondition;
}


LotParser::ConditionContext* LotParser::condition() {
  ConditionContext *_localctx = _tracker.createInstance<ConditionContext>(_ctx, getState());
  enterRule(_localctx, 26, LotParser::RuleCondition);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(133);
    match(LotParser::IF);
    setState(137);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::USER)
      | (1ULL << LotParser::CLIENTID)
      | (1ULL << LotParser::ANONYMOUS)
      | (1ULL << LotParser::ANYBODY)
      | (1ULL << LotParser::AND)
      | (1ULL << LotParser::OR)
      | (1ULL << LotParser::NOT)
      | (1ULL << LotParser::OPEN)
      | (1ULL << LotParser::CLOSE))) != 0)) {
      setState(134);
      piece();
      setState(139);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ThenContext ------------------------------------------------------------------

LotParser::ThenContext::ThenContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::ThenContext::THEN() {
  return getToken(LotParser::THEN, 0);
}

LotParser::VerdictContext* LotParser::ThenContext::verdict() {
  return getRuleContext<LotParser::VerdictContext>(0);
}


size_t LotParser::ThenContext::getRuleIndex() const {
  return LotParser::RuleThen;
}


LotParser::ThenContext* LotParser::then() {
  ThenContext *_localctx = _tracker.createInstance<ThenContext>(_ctx, getState());
  enterRule(_localctx, 28, LotParser::RuleThen);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(140);
    match(LotParser::THEN);
    setState(142);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == LotParser::ALLOW

    || _la == LotParser::DENY) {
      setState(141);
      verdict();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- OtherwiseContext ------------------------------------------------------------------

LotParser::OtherwiseContext::OtherwiseContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::OtherwiseContext::ELSE() {
  return getToken(LotParser::ELSE, 0);
}

LotParser::VerdictContext* LotParser::OtherwiseContext::verdict() {
  return getRuleContext<LotParser::VerdictContext>(0);
}


size_t LotParser::OtherwiseContext::getRuleIndex() const {
  return LotParser::RuleOtherwise;
}


LotParser::OtherwiseContext* LotParser::otherwise() {
  OtherwiseContext *_localctx = _tracker.createInstance<OtherwiseContext>(_ctx, getState());
  enterRule(_localctx, 30, LotParser::RuleOtherwise);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(144);
    match(LotParser::ELSE);
    setState(146);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == LotParser::ALLOW

    || _la == LotParser::DENY) {
      setState(145);
      verdict();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- VerdictContext ------------------------------------------------------------------

LotParser::VerdictContext::VerdictContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::VerdictContext::ALLOW() {
  return getToken(LotParser::ALLOW, 0);
}

tree::TerminalNode* LotParser::VerdictContext::DENY() {
  return getToken(LotParser::DENY, 0);
}


size_t LotParser::VerdictContext::getRuleIndex() const {
  return LotParser::RuleVerdict;
}


LotParser::VerdictContext* LotParser::verdict() {
  VerdictContext *_localctx = _tracker.createInstance<VerdictContext>(_ctx, getState());
  enterRule(_localctx, 32, LotParser::RuleVerdict);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(148);
    _la = _input->LA(1);
    if (!(_la == LotParser::ALLOW

    || _la == LotParser::DENY)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PieceContext ------------------------------------------------------------------

LotParser::PieceContext::PieceContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::PieceContext::AND() {
  return getToken(LotParser::AND, 0);
}

tree::TerminalNode* LotParser::PieceContext::OR() {
  return getToken(LotParser::OR, 0);
}

tree::TerminalNode* LotParser::PieceContext::NOT() {
  return getToken(LotParser::NOT, 0);
}

tree::TerminalNode* LotParser::PieceContext::OPEN() {
  return getToken(LotParser::OPEN, 0);
}

tree::TerminalNode* LotParser::PieceContext::CLOSE() {
  return getToken(LotParser::CLOSE, 0);
}

tree::TerminalNode* LotParser::PieceContext::ANONYMOUS() {
  return getToken(LotParser::ANONYMOUS, 0);
}

tree::TerminalNode* LotParser::PieceContext::ANYBODY() {
  return getToken(LotParser::ANYBODY, 0);
}

LotParser::UserContext* LotParser::PieceContext::user() {
  return getRuleContext<LotParser::UserContext>(0);
}

LotParser::ClientContext* LotParser::PieceContext::client() {
  return getRuleContext<LotParser::ClientContext>(0);
}


size_t LotParser::PieceContext::getRuleIndex() const {
  return LotParser::RulePiece;
}


LotParser::PieceContext* LotParser::piece() {
  PieceContext *_localctx = _tracker.createInstance<PieceContext>(_ctx, getState());
  enterRule(_localctx, 34, LotParser::RulePiece);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(159);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::AND: {
        enterOuterAlt(_localctx, 1);
        setState(150);
        match(LotParser::AND);
        break;
      }

      case LotParser::OR: {
        enterOuterAlt(_localctx, 2);
        setState(151);
        match(LotParser::OR);
        break;
      }

      case LotParser::NOT: {
        enterOuterAlt(_localctx, 3);
        setState(152);
        match(LotParser::NOT);
        break;
      }

      case LotParser::OPEN: {
        enterOuterAlt(_localctx, 4);
        setState(153);
        match(LotParser::OPEN);
        break;
      }

      case LotParser::CLOSE: {
        enterOuterAlt(_localctx, 5);
        setState(154);
        match(LotParser::CLOSE);
        break;
      }

      case LotParser::ANONYMOUS: {
        enterOuterAlt(_localctx, 6);
        setState(155);
        match(LotParser::ANONYMOUS);
        break;
      }

      case LotParser::ANYBODY: {
        enterOuterAlt(_localctx, 7);
        setState(156);
        match(LotParser::ANYBODY);
        break;
      }

      case LotParser::USER: {
        enterOuterAlt(_localctx, 8);
        setState(157);
        user();
        break;
      }

      case LotParser::CLIENTID: {
        enterOuterAlt(_localctx, 9);
        setState(158);
        client();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- UserContext ------------------------------------------------------------------

LotParser::UserContext::UserContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::UserContext::USER() {
  return getToken(LotParser::USER, 0);
}

tree::TerminalNode* LotParser::UserContext::IS() {
  return getToken(LotParser::IS, 0);
}

tree::TerminalNode* LotParser::UserContext::IN() {
  return getToken(LotParser::IN, 0);
}

tree::TerminalNode* LotParser::UserContext::HAS() {
  return getToken(LotParser::HAS, 0);
}

LotParser::ValueContext* LotParser::UserContext::value() {
  return getRuleContext<LotParser::ValueContext>(0);
}

tree::TerminalNode* LotParser::UserContext::GROUP() {
  return getToken(LotParser::GROUP, 0);
}

LotParser::WordContext* LotParser::UserContext::word() {
  return getRuleContext<LotParser::WordContext>(0);
}


size_t LotParser::UserContext::getRuleIndex() const {
  return LotParser::RuleUser;
}


LotParser::UserContext* LotParser::user() {
  UserContext *_localctx = _tracker.createInstance<UserContext>(_ctx, getState());
  enterRule(_localctx, 36, LotParser::RuleUser);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(161);
    match(LotParser::USER);
    setState(177);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::IS: {
        setState(162);
        match(LotParser::IS);
        setState(164);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
          | (1ULL << LotParser::GET)
          | (1ULL << LotParser::ENV)
          | (1ULL << LotParser::SECRET)
          | (1ULL << LotParser::RANDOM)
          | (1ULL << LotParser::UUID)
          | (1ULL << LotParser::UNIT)
          | (1ULL << LotParser::NUMBER)
          | (1ULL << LotParser::IDENT)
          | (1ULL << LotParser::STRING)
          | (1ULL << LotParser::QUOTED)
          | (1ULL << LotParser::OPEN_STRING))) != 0)) {
          setState(163);
          value();
        }
        break;
      }

      case LotParser::IN: {
        setState(166);
        match(LotParser::IN);
        setState(171);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == LotParser::GROUP) {
          setState(167);
          match(LotParser::GROUP);
          setState(169);
          _errHandler->sync(this);

          _la = _input->LA(1);
          if ((((_la & ~ 0x3fULL) == 0) &&
            ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
            | (1ULL << LotParser::GET)
            | (1ULL << LotParser::ENV)
            | (1ULL << LotParser::SECRET)
            | (1ULL << LotParser::RANDOM)
            | (1ULL << LotParser::UUID)
            | (1ULL << LotParser::UNIT)
            | (1ULL << LotParser::NUMBER)
            | (1ULL << LotParser::IDENT)
            | (1ULL << LotParser::STRING)
            | (1ULL << LotParser::QUOTED)
            | (1ULL << LotParser::OPEN_STRING))) != 0)) {
            setState(168);
            value();
          }
        }
        break;
      }

      case LotParser::HAS: {
        setState(173);
        match(LotParser::HAS);
        setState(175);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
          | (1ULL << LotParser::GET)
          | (1ULL << LotParser::ENV)
          | (1ULL << LotParser::SECRET)
          | (1ULL << LotParser::RANDOM)
          | (1ULL << LotParser::UUID)
          | (1ULL << LotParser::UNIT)
          | (1ULL << LotParser::IDENT))) != 0)) {
          setState(174);
          word();
        }
        break;
      }

      case LotParser::EOF:
      case LotParser::WITH:
      case LotParser::FOR:
      case LotParser::TO:
      case LotParser::IF:
      case LotParser::THEN:
      case LotParser::ELSE:
      case LotParser::USER:
      case LotParser::CLIENTID:
      case LotParser::ANONYMOUS:
      case LotParser::ANYBODY:
      case LotParser::AND:
      case LotParser::OR:
      case LotParser::NOT:
      case LotParser::OPEN:
      case LotParser::CLOSE: {
        break;
      }

    default:
      break;
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ClientContext ------------------------------------------------------------------

LotParser::ClientContext::ClientContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::ClientContext::CLIENTID() {
  return getToken(LotParser::CLIENTID, 0);
}

tree::TerminalNode* LotParser::ClientContext::IS() {
  return getToken(LotParser::IS, 0);
}

tree::TerminalNode* LotParser::ClientContext::MATCHES() {
  return getToken(LotParser::MATCHES, 0);
}

LotParser::ValueContext* LotParser::ClientContext::value() {
  return getRuleContext<LotParser::ValueContext>(0);
}

tree::TerminalNode* LotParser::ClientContext::REGEX() {
  return getToken(LotParser::REGEX, 0);
}


size_t LotParser::ClientContext::getRuleIndex() const {
  return LotParser::RuleClient;
}


LotParser::ClientContext* LotParser::client() {
  ClientContext *_localctx = _tracker.createInstance<ClientContext>(_ctx, getState());
  enterRule(_localctx, 38, LotParser::RuleClient);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(179);
    match(LotParser::CLIENTID);
    setState(191);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::IS: {
        setState(180);
        match(LotParser::IS);
        setState(182);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
          | (1ULL << LotParser::GET)
          | (1ULL << LotParser::ENV)
          | (1ULL << LotParser::SECRET)
          | (1ULL << LotParser::RANDOM)
          | (1ULL << LotParser::UUID)
          | (1ULL << LotParser::UNIT)
          | (1ULL << LotParser::NUMBER)
          | (1ULL << LotParser::IDENT)
          | (1ULL << LotParser::STRING)
          | (1ULL << LotParser::QUOTED)
          | (1ULL << LotParser::OPEN_STRING))) != 0)) {
          setState(181);
          value();
        }
        break;
      }

      case LotParser::MATCHES: {
        setState(184);
        match(LotParser::MATCHES);
        setState(186);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == LotParser::REGEX) {
          setState(185);
          match(LotParser::REGEX);
        }
        setState(189);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
          | (1ULL << LotParser::GET)
          | (1ULL << LotParser::ENV)
          | (1ULL << LotParser::SECRET)
          | (1ULL << LotParser::RANDOM)
          | (1ULL << LotParser::UUID)
          | (1ULL << LotParser::UNIT)
          | (1ULL << LotParser::NUMBER)
          | (1ULL << LotParser::IDENT)
          | (1ULL << LotParser::STRING)
          | (1ULL << LotParser::QUOTED)
          | (1ULL << LotParser::OPEN_STRING))) != 0)) {
          setState(188);
          value();
        }
        break;
      }

      case LotParser::EOF:
      case LotParser::WITH:
      case LotParser::FOR:
      case LotParser::TO:
      case LotParser::IF:
      case LotParser::THEN:
      case LotParser::ELSE:
      case LotParser::USER:
      case LotParser::CLIENTID:
      case LotParser::ANONYMOUS:
      case LotParser::ANYBODY:
      case LotParser::AND:
      case LotParser::OR:
      case LotParser::NOT:
      case LotParser::OPEN:
      case LotParser::CLOSE: {
        break;
      }

    default:
      break;
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ValueContext ------------------------------------------------------------------

LotParser::ValueContext::ValueContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<LotParser::TermContext *> LotParser::ValueContext::term() {
  return getRuleContexts<LotParser::TermContext>();
}

LotParser::TermContext* LotParser::ValueContext::term(size_t i) {
  return getRuleContext<LotParser::TermContext>(i);
}

std::vector<tree::TerminalNode *> LotParser::ValueContext::PLUS() {
  return getTokens(LotParser::PLUS);
}

tree::TerminalNode* LotParser::ValueContext::PLUS(size_t i) {
  return getToken(LotParser::PLUS, i);
}


size_t LotParser::ValueContext::getRuleIndex() const {
  return LotParser::RuleValue;
}


LotParser::ValueContext* LotParser::value() {
  ValueContext *_localctx = _tracker.createInstance<ValueContext>(_ctx, getState());
  enterRule(_localctx, 40, LotParser::RuleValue);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(193);
    term();
    setState(198);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == LotParser::PLUS) {
      setState(194);
      match(LotParser::PLUS);
      setState(195);
      term();
      setState(200);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- TermContext ------------------------------------------------------------------

LotParser::TermContext::TermContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::TermContext::STRING() {
  return getToken(LotParser::STRING, 0);
}

tree::TerminalNode* LotParser::TermContext::OPEN_STRING() {
  return getToken(LotParser::OPEN_STRING, 0);
}

tree::TerminalNode* LotParser::TermContext::QUOTED() {
  return getToken(LotParser::QUOTED, 0);
}

tree::TerminalNode* LotParser::TermContext::NUMBER() {
  return getToken(LotParser::NUMBER, 0);
}

tree::TerminalNode* LotParser::TermContext::UNIT() {
  return getToken(LotParser::UNIT, 0);
}

LotParser::ReferenceContext* LotParser::TermContext::reference() {
  return getRuleContext<LotParser::ReferenceContext>(0);
}

LotParser::RandomContext* LotParser::TermContext::random() {
  return getRuleContext<LotParser::RandomContext>(0);
}

LotParser::BareContext* LotParser::TermContext::bare() {
  return getRuleContext<LotParser::BareContext>(0);
}


size_t LotParser::TermContext::getRuleIndex() const {
  return LotParser::RuleTerm;
}


LotParser::TermContext* LotParser::term() {
  TermContext *_localctx = _tracker.createInstance<TermContext>(_ctx, getState());
  enterRule(_localctx, 42, LotParser::RuleTerm);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(211);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::STRING: {
        enterOuterAlt(_localctx, 1);
        setState(201);
        match(LotParser::STRING);
        break;
      }

      case LotParser::OPEN_STRING: {
        enterOuterAlt(_localctx, 2);
        setState(202);
        match(LotParser::OPEN_STRING);
        break;
      }

      case LotParser::QUOTED: {
        enterOuterAlt(_localctx, 3);
        setState(203);
        match(LotParser::QUOTED);
        break;
      }

      case LotParser::NUMBER: {
        enterOuterAlt(_localctx, 4);
        setState(204);
        match(LotParser::NUMBER);
        setState(206);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == LotParser::UNIT) {
          setState(205);
          match(LotParser::UNIT);
        }
        break;
      }

      case LotParser::GET: {
        enterOuterAlt(_localctx, 5);
        setState(208);
        reference();
        break;
      }

      case LotParser::RANDOM: {
        enterOuterAlt(_localctx, 6);
        setState(209);
        random();
        break;
      }

      case LotParser::ROUTE:
      case LotParser::ENV:
      case LotParser::SECRET:
      case LotParser::UUID:
      case LotParser::UNIT:
      case LotParser::IDENT: {
        enterOuterAlt(_localctx, 7);
        setState(210);
        bare();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ReferenceContext ------------------------------------------------------------------

LotParser::ReferenceContext::ReferenceContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::ReferenceContext::GET() {
  return getToken(LotParser::GET, 0);
}

tree::TerminalNode* LotParser::ReferenceContext::ENV() {
  return getToken(LotParser::ENV, 0);
}

tree::TerminalNode* LotParser::ReferenceContext::SECRET() {
  return getToken(LotParser::SECRET, 0);
}

tree::TerminalNode* LotParser::ReferenceContext::STRING() {
  return getToken(LotParser::STRING, 0);
}


size_t LotParser::ReferenceContext::getRuleIndex() const {
  return LotParser::RuleReference;
}


LotParser::ReferenceContext* LotParser::reference() {
  ReferenceContext *_localctx = _tracker.createInstance<ReferenceContext>(_ctx, getState());
  enterRule(_localctx, 44, LotParser::RuleReference);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(213);
    match(LotParser::GET);
    setState(218);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == LotParser::ENV

    || _la == LotParser::SECRET) {
      setState(214);
      _la = _input->LA(1);
      if (!(_la == LotParser::ENV

      || _la == LotParser::SECRET)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(216);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == LotParser::STRING) {
        setState(215);
        match(LotParser::STRING);
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- RandomContext ------------------------------------------------------------------

LotParser::RandomContext::RandomContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::RandomContext::RANDOM() {
  return getToken(LotParser::RANDOM, 0);
}

tree::TerminalNode* LotParser::RandomContext::UUID() {
  return getToken(LotParser::UUID, 0);
}


size_t LotParser::RandomContext::getRuleIndex() const {
  return LotParser::RuleRandom;
}


LotParser::RandomContext* LotParser::random() {
  RandomContext *_localctx = _tracker.createInstance<RandomContext>(_ctx, getState());
  enterRule(_localctx, 46, LotParser::RuleRandom);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(220);
    match(LotParser::RANDOM);
    setState(222);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == LotParser::UUID) {
      setState(221);
      match(LotParser::UUID);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- WordContext ------------------------------------------------------------------

LotParser::WordContext::WordContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::WordContext::IDENT() {
  return getToken(LotParser::IDENT, 0);
}

tree::TerminalNode* LotParser::WordContext::ROUTE() {
  return getToken(LotParser::ROUTE, 0);
}

tree::TerminalNode* LotParser::WordContext::ENV() {
  return getToken(LotParser::ENV, 0);
}

tree::TerminalNode* LotParser::WordContext::SECRET() {
  return getToken(LotParser::SECRET, 0);
}

tree::TerminalNode* LotParser::WordContext::RANDOM() {
  return getToken(LotParser::RANDOM, 0);
}

tree::TerminalNode* LotParser::WordContext::UUID() {
  return getToken(LotParser::UUID, 0);
}

tree::TerminalNode* LotParser::WordContext::UNIT() {
  return getToken(LotParser::UNIT, 0);
}

tree::TerminalNode* LotParser::WordContext::GET() {
  return getToken(LotParser::GET, 0);
}


size_t LotParser::WordContext::getRuleIndex() const {
  return LotParser::RuleWord;
}


LotParser::WordContext* LotParser::word() {
  WordContext *_localctx = _tracker.createInstance<WordContext>(_ctx, getState());
  enterRule(_localctx, 48, LotParser::RuleWord);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(224);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::GET)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::RANDOM)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- BareContext ------------------------------------------------------------------

LotParser::BareContext::BareContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* LotParser::BareContext::IDENT() {
  return getToken(LotParser::IDENT, 0);
}

tree::TerminalNode* LotParser::BareContext::ROUTE() {
  return getToken(LotParser::ROUTE, 0);
}

tree::TerminalNode* LotParser::BareContext::ENV() {
  return getToken(LotParser::ENV, 0);
}

tree::TerminalNode* LotParser::BareContext::SECRET() {
  return getToken(LotParser::SECRET, 0);
}

tree::TerminalNode* LotParser::BareContext::UUID() {
  return getToken(LotParser::UUID, 0);
}

tree::TerminalNode* LotParser::BareContext::UNIT() {
  return getToken(LotParser::UNIT, 0);
}


size_t LotParser::BareContext::getRuleIndex() const {
  return LotParser::RuleBare;
}


LotParser::BareContext* LotParser::bare() {
  BareContext *_localctx = _tracker.createInstance<BareContext>(_ctx, getState());
  enterRule(_localctx, 50, LotParser::RuleBare);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(226);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ROUTE)
      | (1ULL << LotParser::ENV)
      | (1ULL << LotParser::SECRET)
      | (1ULL << LotParser::UUID)
      | (1ULL << LotParser::UNIT)
      | (1ULL << LotParser::IDENT))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

// Static vars and initialization.
std::vector<dfa::DFA> LotParser::_decisionToDFA;
atn::PredictionContextCache LotParser::_sharedContextCache;

// We own the ATN which in turn owns the ATN states.
atn::ATN LotParser::_atn;
std::vector<uint16_t> LotParser::_serializedATN;

std::vector<std::string> LotParser::_ruleNames = {
  "definition", "route", "foreign", "name", "statement", "add", "label", 
  "store", "with", "access", "clause", "scope", "topic", "condition", "then", 
  "otherwise", "verdict", "piece", "user", "client", "value", "term", "reference", 
  "random", "word", "bare"
};

std::vector<std::string> LotParser::_literalNames = {
  "", "'DEFINE'", "'ADD'", "'WITH'", "'STORE'", "'ROUTE'", "'GET'", "'ENV'", 
  "'SECRET'", "'RANDOM'", "'UUID'", "", "'+'", "", "", "", "", "", "", "", 
  "'/*'"
};

std::vector<std::string> LotParser::_symbolicNames = {
  "", "DEFINE", "ADD", "WITH", "STORE", "ROUTE", "GET", "ENV", "SECRET", 
  "RANDOM", "UUID", "UNIT", "PLUS", "NUMBER", "IDENT", "STRING", "QUOTED", 
  "OPEN_STRING", "LINE_COMMENT", "BLOCK_COMMENT", "OPEN_COMMENT", "SPACE", 
  "BAD", "RULE", "FOR", "TO", "TOPIC", "IF", "THEN", "ELSE", "ALLOW", "DENY", 
  "USER", "CLIENTID", "ANONYMOUS", "ANYBODY", "IS", "IN", "GROUP", "HAS", 
  "MATCHES", "REGEX", "AND", "OR", "NOT", "OPEN", "CLOSE"
};

dfa::Vocabulary LotParser::_vocabulary(_literalNames, _symbolicNames);

std::vector<std::string> LotParser::_tokenNames;

LotParser::Initializer::Initializer() {
	for (size_t i = 0; i < _symbolicNames.size(); ++i) {
		std::string name = _vocabulary.getLiteralName(i);
		if (name.empty()) {
			name = _vocabulary.getSymbolicName(i);
		}

		if (name.empty()) {
			_tokenNames.push_back("<INVALID>");
		} else {
      _tokenNames.push_back(name);
    }
	}

  _serializedATN = {
    0x3, 0x608b, 0xa72a, 0x8133, 0xb9ed, 0x417c, 0x3be7, 0x7786, 0x5964, 
    0x3, 0x30, 0xe7, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 0x9, 
    0x4, 0x4, 0x5, 0x9, 0x5, 0x4, 0x6, 0x9, 0x6, 0x4, 0x7, 0x9, 0x7, 0x4, 
    0x8, 0x9, 0x8, 0x4, 0x9, 0x9, 0x9, 0x4, 0xa, 0x9, 0xa, 0x4, 0xb, 0x9, 
    0xb, 0x4, 0xc, 0x9, 0xc, 0x4, 0xd, 0x9, 0xd, 0x4, 0xe, 0x9, 0xe, 0x4, 
    0xf, 0x9, 0xf, 0x4, 0x10, 0x9, 0x10, 0x4, 0x11, 0x9, 0x11, 0x4, 0x12, 
    0x9, 0x12, 0x4, 0x13, 0x9, 0x13, 0x4, 0x14, 0x9, 0x14, 0x4, 0x15, 0x9, 
    0x15, 0x4, 0x16, 0x9, 0x16, 0x4, 0x17, 0x9, 0x17, 0x4, 0x18, 0x9, 0x18, 
    0x4, 0x19, 0x9, 0x19, 0x4, 0x1a, 0x9, 0x1a, 0x4, 0x1b, 0x9, 0x1b, 0x3, 
    0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 0x2, 0x5, 0x2, 0x3b, 0xa, 0x2, 0x3, 0x2, 
    0x3, 0x2, 0x3, 0x3, 0x3, 0x3, 0x5, 0x3, 0x41, 0xa, 0x3, 0x3, 0x3, 0x7, 
    0x3, 0x44, 0xa, 0x3, 0xc, 0x3, 0xe, 0x3, 0x47, 0xb, 0x3, 0x3, 0x4, 0x3, 
    0x4, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x5, 0x5, 0x4e, 0xa, 0x5, 0x3, 0x6, 
    0x3, 0x6, 0x3, 0x6, 0x5, 0x6, 0x53, 0xa, 0x6, 0x3, 0x7, 0x3, 0x7, 0x3, 
    0x7, 0x5, 0x7, 0x58, 0xa, 0x7, 0x5, 0x7, 0x5a, 0xa, 0x7, 0x3, 0x8, 0x3, 
    0x8, 0x5, 0x8, 0x5e, 0xa, 0x8, 0x3, 0x9, 0x3, 0x9, 0x5, 0x9, 0x62, 0xa, 
    0x9, 0x3, 0xa, 0x3, 0xa, 0x3, 0xa, 0x5, 0xa, 0x67, 0xa, 0xa, 0x5, 0xa, 
    0x69, 0xa, 0xa, 0x3, 0xb, 0x3, 0xb, 0x5, 0xb, 0x6d, 0xa, 0xb, 0x3, 0xb, 
    0x7, 0xb, 0x70, 0xa, 0xb, 0xc, 0xb, 0xe, 0xb, 0x73, 0xb, 0xb, 0x3, 0xc, 
    0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x5, 0xc, 0x7b, 0xa, 
    0xc, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 0x7f, 0xa, 0xd, 0x3, 0xe, 0x3, 0xe, 
    0x3, 0xe, 0x5, 0xe, 0x84, 0xa, 0xe, 0x5, 0xe, 0x86, 0xa, 0xe, 0x3, 0xf, 
    0x3, 0xf, 0x7, 0xf, 0x8a, 0xa, 0xf, 0xc, 0xf, 0xe, 0xf, 0x8d, 0xb, 0xf, 
    0x3, 0x10, 0x3, 0x10, 0x5, 0x10, 0x91, 0xa, 0x10, 0x3, 0x11, 0x3, 0x11, 
    0x5, 0x11, 0x95, 0xa, 0x11, 0x3, 0x12, 0x3, 0x12, 0x3, 0x13, 0x3, 0x13, 
    0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 
    0x13, 0x5, 0x13, 0xa2, 0xa, 0x13, 0x3, 0x14, 0x3, 0x14, 0x3, 0x14, 0x5, 
    0x14, 0xa7, 0xa, 0x14, 0x3, 0x14, 0x3, 0x14, 0x3, 0x14, 0x5, 0x14, 0xac, 
    0xa, 0x14, 0x5, 0x14, 0xae, 0xa, 0x14, 0x3, 0x14, 0x3, 0x14, 0x5, 0x14, 
    0xb2, 0xa, 0x14, 0x5, 0x14, 0xb4, 0xa, 0x14, 0x3, 0x15, 0x3, 0x15, 0x3, 
    0x15, 0x5, 0x15, 0xb9, 0xa, 0x15, 0x3, 0x15, 0x3, 0x15, 0x5, 0x15, 0xbd, 
    0xa, 0x15, 0x3, 0x15, 0x5, 0x15, 0xc0, 0xa, 0x15, 0x5, 0x15, 0xc2, 0xa, 
    0x15, 0x3, 0x16, 0x3, 0x16, 0x3, 0x16, 0x7, 0x16, 0xc7, 0xa, 0x16, 0xc, 
    0x16, 0xe, 0x16, 0xca, 0xb, 0x16, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 
    0x17, 0x3, 0x17, 0x5, 0x17, 0xd1, 0xa, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 
    0x17, 0x5, 0x17, 0xd6, 0xa, 0x17, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x5, 
    0x18, 0xdb, 0xa, 0x18, 0x5, 0x18, 0xdd, 0xa, 0x18, 0x3, 0x19, 0x3, 0x19, 
    0x5, 0x19, 0xe1, 0xa, 0x19, 0x3, 0x1a, 0x3, 0x1a, 0x3, 0x1b, 0x3, 0x1b, 
    0x3, 0x1b, 0x2, 0x2, 0x1c, 0x2, 0x4, 0x6, 0x8, 0xa, 0xc, 0xe, 0x10, 
    0x12, 0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 0x20, 0x22, 0x24, 0x26, 0x28, 
    0x2a, 0x2c, 0x2e, 0x30, 0x32, 0x34, 0x2, 0x6, 0x3, 0x2, 0x20, 0x21, 
    0x3, 0x2, 0x9, 0xa, 0x4, 0x2, 0x7, 0xd, 0x10, 0x10, 0x6, 0x2, 0x7, 0x7, 
    0x9, 0xa, 0xc, 0xd, 0x10, 0x10, 0x2, 0x107, 0x2, 0x36, 0x3, 0x2, 0x2, 
    0x2, 0x4, 0x3e, 0x3, 0x2, 0x2, 0x2, 0x6, 0x48, 0x3, 0x2, 0x2, 0x2, 0x8, 
    0x4d, 0x3, 0x2, 0x2, 0x2, 0xa, 0x52, 0x3, 0x2, 0x2, 0x2, 0xc, 0x54, 
    0x3, 0x2, 0x2, 0x2, 0xe, 0x5d, 0x3, 0x2, 0x2, 0x2, 0x10, 0x5f, 0x3, 
    0x2, 0x2, 0x2, 0x12, 0x63, 0x3, 0x2, 0x2, 0x2, 0x14, 0x6a, 0x3, 0x2, 
    0x2, 0x2, 0x16, 0x7a, 0x3, 0x2, 0x2, 0x2, 0x18, 0x7c, 0x3, 0x2, 0x2, 
    0x2, 0x1a, 0x80, 0x3, 0x2, 0x2, 0x2, 0x1c, 0x87, 0x3, 0x2, 0x2, 0x2, 
    0x1e, 0x8e, 0x3, 0x2, 0x2, 0x2, 0x20, 0x92, 0x3, 0x2, 0x2, 0x2, 0x22, 
    0x96, 0x3, 0x2, 0x2, 0x2, 0x24, 0xa1, 0x3, 0x2, 0x2, 0x2, 0x26, 0xa3, 
    0x3, 0x2, 0x2, 0x2, 0x28, 0xb5, 0x3, 0x2, 0x2, 0x2, 0x2a, 0xc3, 0x3, 
    0x2, 0x2, 0x2, 0x2c, 0xd5, 0x3, 0x2, 0x2, 0x2, 0x2e, 0xd7, 0x3, 0x2, 
    0x2, 0x2, 0x30, 0xde, 0x3, 0x2, 0x2, 0x2, 0x32, 0xe2, 0x3, 0x2, 0x2, 
    0x2, 0x34, 0xe4, 0x3, 0x2, 0x2, 0x2, 0x36, 0x3a, 0x7, 0x3, 0x2, 0x2, 
    0x37, 0x3b, 0x5, 0x4, 0x3, 0x2, 0x38, 0x3b, 0x5, 0x14, 0xb, 0x2, 0x39, 
    0x3b, 0x5, 0x6, 0x4, 0x2, 0x3a, 0x37, 0x3, 0x2, 0x2, 0x2, 0x3a, 0x38, 
    0x3, 0x2, 0x2, 0x2, 0x3a, 0x39, 0x3, 0x2, 0x2, 0x2, 0x3a, 0x3b, 0x3, 
    0x2, 0x2, 0x2, 0x3b, 0x3c, 0x3, 0x2, 0x2, 0x2, 0x3c, 0x3d, 0x7, 0x2, 
    0x2, 0x3, 0x3d, 0x3, 0x3, 0x2, 0x2, 0x2, 0x3e, 0x40, 0x7, 0x7, 0x2, 
    0x2, 0x3f, 0x41, 0x5, 0x8, 0x5, 0x2, 0x40, 0x3f, 0x3, 0x2, 0x2, 0x2, 
    0x40, 0x41, 0x3, 0x2, 0x2, 0x2, 0x41, 0x45, 0x3, 0x2, 0x2, 0x2, 0x42, 
    0x44, 0x5, 0xa, 0x6, 0x2, 0x43, 0x42, 0x3, 0x2, 0x2, 0x2, 0x44, 0x47, 
    0x3, 0x2, 0x2, 0x2, 0x45, 0x43, 0x3, 0x2, 0x2, 0x2, 0x45, 0x46, 0x3, 
    0x2, 0x2, 0x2, 0x46, 0x5, 0x3, 0x2, 0x2, 0x2, 0x47, 0x45, 0x3, 0x2, 
    0x2, 0x2, 0x48, 0x49, 0x7, 0x10, 0x2, 0x2, 0x49, 0x7, 0x3, 0x2, 0x2, 
    0x2, 0x4a, 0x4e, 0x5, 0x32, 0x1a, 0x2, 0x4b, 0x4e, 0x7, 0x11, 0x2, 0x2, 
    0x4c, 0x4e, 0x7, 0x12, 0x2, 0x2, 0x4d, 0x4a, 0x3, 0x2, 0x2, 0x2, 0x4d, 
    0x4b, 0x3, 0x2, 0x2, 0x2, 0x4d, 0x4c, 0x3, 0x2, 0x2, 0x2, 0x4e, 0x9, 
    0x3, 0x2, 0x2, 0x2, 0x4f, 0x53, 0x5, 0xc, 0x7, 0x2, 0x50, 0x53, 0x5, 
    0x12, 0xa, 0x2, 0x51, 0x53, 0x5, 0x10, 0x9, 0x2, 0x52, 0x4f, 0x3, 0x2, 
    0x2, 0x2, 0x52, 0x50, 0x3, 0x2, 0x2, 0x2, 0x52, 0x51, 0x3, 0x2, 0x2, 
    0x2, 0x53, 0xb, 0x3, 0x2, 0x2, 0x2, 0x54, 0x59, 0x7, 0x4, 0x2, 0x2, 
    0x55, 0x57, 0x5, 0x32, 0x1a, 0x2, 0x56, 0x58, 0x5, 0xe, 0x8, 0x2, 0x57, 
    0x56, 0x3, 0x2, 0x2, 0x2, 0x57, 0x58, 0x3, 0x2, 0x2, 0x2, 0x58, 0x5a, 
    0x3, 0x2, 0x2, 0x2, 0x59, 0x55, 0x3, 0x2, 0x2, 0x2, 0x59, 0x5a, 0x3, 
    0x2, 0x2, 0x2, 0x5a, 0xd, 0x3, 0x2, 0x2, 0x2, 0x5b, 0x5e, 0x5, 0x32, 
    0x1a, 0x2, 0x5c, 0x5e, 0x7, 0x11, 0x2, 0x2, 0x5d, 0x5b, 0x3, 0x2, 0x2, 
    0x2, 0x5d, 0x5c, 0x3, 0x2, 0x2, 0x2, 0x5e, 0xf, 0x3, 0x2, 0x2, 0x2, 
    0x5f, 0x61, 0x7, 0x6, 0x2, 0x2, 0x60, 0x62, 0x5, 0xe, 0x8, 0x2, 0x61, 
    0x60, 0x3, 0x2, 0x2, 0x2, 0x61, 0x62, 0x3, 0x2, 0x2, 0x2, 0x62, 0x11, 
    0x3, 0x2, 0x2, 0x2, 0x63, 0x68, 0x7, 0x5, 0x2, 0x2, 0x64, 0x66, 0x5, 
    0x32, 0x1a, 0x2, 0x65, 0x67, 0x5, 0x2a, 0x16, 0x2, 0x66, 0x65, 0x3, 
    0x2, 0x2, 0x2, 0x66, 0x67, 0x3, 0x2, 0x2, 0x2, 0x67, 0x69, 0x3, 0x2, 
    0x2, 0x2, 0x68, 0x64, 0x3, 0x2, 0x2, 0x2, 0x68, 0x69, 0x3, 0x2, 0x2, 
    0x2, 0x69, 0x13, 0x3, 0x2, 0x2, 0x2, 0x6a, 0x6c, 0x7, 0x19, 0x2, 0x2, 
    0x6b, 0x6d, 0x5, 0x8, 0x5, 0x2, 0x6c, 0x6b, 0x3, 0x2, 0x2, 0x2, 0x6c, 
    0x6d, 0x3, 0x2, 0x2, 0x2, 0x6d, 0x71, 0x3, 0x2, 0x2, 0x2, 0x6e, 0x70, 
    0x5, 0x16, 0xc, 0x2, 0x6f, 0x6e, 0x3, 0x2, 0x2, 0x2, 0x70, 0x73, 0x3, 
    0x2, 0x2, 0x2, 0x71, 0x6f, 0x3, 0x2, 0x2, 0x2, 0x71, 0x72, 0x3, 0x2, 
    0x2, 0x2, 0x72, 0x15, 0x3, 0x2, 0x2, 0x2, 0x73, 0x71, 0x3, 0x2, 0x2, 
    0x2, 0x74, 0x7b, 0x5, 0x12, 0xa, 0x2, 0x75, 0x7b, 0x5, 0x18, 0xd, 0x2, 
    0x76, 0x7b, 0x5, 0x1a, 0xe, 0x2, 0x77, 0x7b, 0x5, 0x1c, 0xf, 0x2, 0x78, 
    0x7b, 0x5, 0x1e, 0x10, 0x2, 0x79, 0x7b, 0x5, 0x20, 0x11, 0x2, 0x7a, 
    0x74, 0x3, 0x2, 0x2, 0x2, 0x7a, 0x75, 0x3, 0x2, 0x2, 0x2, 0x7a, 0x76, 
    0x3, 0x2, 0x2, 0x2, 0x7a, 0x77, 0x3, 0x2, 0x2, 0x2, 0x7a, 0x78, 0x3, 
    0x2, 0x2, 0x2, 0x7a, 0x79, 0x3, 0x2, 0x2, 0x2, 0x7b, 0x17, 0x3, 0x2, 
    0x2, 0x2, 0x7c, 0x7e, 0x7, 0x1a, 0x2, 0x2, 0x7d, 0x7f, 0x5, 0x32, 0x1a, 
    0x2, 0x7e, 0x7d, 0x3, 0x2, 0x2, 0x2, 0x7e, 0x7f, 0x3, 0x2, 0x2, 0x2, 
    0x7f, 0x19, 0x3, 0x2, 0x2, 0x2, 0x80, 0x85, 0x7, 0x1b, 0x2, 0x2, 0x81, 
    0x83, 0x7, 0x1c, 0x2, 0x2, 0x82, 0x84, 0x5, 0x2a, 0x16, 0x2, 0x83, 0x82, 
    0x3, 0x2, 0x2, 0x2, 0x83, 0x84, 0x3, 0x2, 0x2, 0x2, 0x84, 0x86, 0x3, 
    0x2, 0x2, 0x2, 0x85, 0x81, 0x3, 0x2, 0x2, 0x2, 0x85, 0x86, 0x3, 0x2, 
    0x2, 0x2, 0x86, 0x1b, 0x3, 0x2, 0x2, 0x2, 0x87, 0x8b, 0x7, 0x1d, 0x2, 
    0x2, 0x88, 0x8a, 0x5, 0x24, 0x13, 0x2, 0x89, 0x88, 0x3, 0x2, 0x2, 0x2, 
    0x8a, 0x8d, 0x3, 0x2, 0x2, 0x2, 0x8b, 0x89, 0x3, 0x2, 0x2, 0x2, 0x8b, 
    0x8c, 0x3, 0x2, 0x2, 0x2, 0x8c, 0x1d, 0x3, 0x2, 0x2, 0x2, 0x8d, 0x8b, 
    0x3, 0x2, 0x2, 0x2, 0x8e, 0x90, 0x7, 0x1e, 0x2, 0x2, 0x8f, 0x91, 0x5, 
    0x22, 0x12, 0x2, 0x90, 0x8f, 0x3, 0x2, 0x2, 0x2, 0x90, 0x91, 0x3, 0x2, 
    0x2, 0x2, 0x91, 0x1f, 0x3, 0x2, 0x2, 0x2, 0x92, 0x94, 0x7, 0x1f, 0x2, 
    0x2, 0x93, 0x95, 0x5, 0x22, 0x12, 0x2, 0x94, 0x93, 0x3, 0x2, 0x2, 0x2, 
    0x94, 0x95, 0x3, 0x2, 0x2, 0x2, 0x95, 0x21, 0x3, 0x2, 0x2, 0x2, 0x96, 
    0x97, 0x9, 0x2, 0x2, 0x2, 0x97, 0x23, 0x3, 0x2, 0x2, 0x2, 0x98, 0xa2, 
    0x7, 0x2c, 0x2, 0x2, 0x99, 0xa2, 0x7, 0x2d, 0x2, 0x2, 0x9a, 0xa2, 0x7, 
    0x2e, 0x2, 0x2, 0x9b, 0xa2, 0x7, 0x2f, 0x2, 0x2, 0x9c, 0xa2, 0x7, 0x30, 
    0x2, 0x2, 0x9d, 0xa2, 0x7, 0x24, 0x2, 0x2, 0x9e, 0xa2, 0x7, 0x25, 0x2, 
    0x2, 0x9f, 0xa2, 0x5, 0x26, 0x14, 0x2, 0xa0, 0xa2, 0x5, 0x28, 0x15, 
    0x2, 0xa1, 0x98, 0x3, 0x2, 0x2, 0x2, 0xa1, 0x99, 0x3, 0x2, 0x2, 0x2, 
    0xa1, 0x9a, 0x3, 0x2, 0x2, 0x2, 0xa1, 0x9b, 0x3, 0x2, 0x2, 0x2, 0xa1, 
    0x9c, 0x3, 0x2, 0x2, 0x2, 0xa1, 0x9d, 0x3, 0x2, 0x2, 0x2, 0xa1, 0x9e, 
    0x3, 0x2, 0x2, 0x2, 0xa1, 0x9f, 0x3, 0x2, 0x2, 0x2, 0xa1, 0xa0, 0x3, 
    0x2, 0x2, 0x2, 0xa2, 0x25, 0x3, 0x2, 0x2, 0x2, 0xa3, 0xb3, 0x7, 0x22, 
    0x2, 0x2, 0xa4, 0xa6, 0x7, 0x26, 0x2, 0x2, 0xa5, 0xa7, 0x5, 0x2a, 0x16, 
    0x2, 0xa6, 0xa5, 0x3, 0x2, 0x2, 0x2, 0xa6, 0xa7, 0x3, 0x2, 0x2, 0x2, 
    0xa7, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xa8, 0xad, 0x7, 0x27, 0x2, 0x2, 0xa9, 
    0xab, 0x7, 0x28, 0x2, 0x2, 0xaa, 0xac, 0x5, 0x2a, 0x16, 0x2, 0xab, 0xaa, 
    0x3, 0x2, 0x2, 0x2, 0xab, 0xac, 0x3, 0x2, 0x2, 0x2, 0xac, 0xae, 0x3, 
    0x2, 0x2, 0x2, 0xad, 0xa9, 0x3, 0x2, 0x2, 0x2, 0xad, 0xae, 0x3, 0x2, 
    0x2, 0x2, 0xae, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xaf, 0xb1, 0x7, 0x29, 0x2, 
    0x2, 0xb0, 0xb2, 0x5, 0x32, 0x1a, 0x2, 0xb1, 0xb0, 0x3, 0x2, 0x2, 0x2, 
    0xb1, 0xb2, 0x3, 0x2, 0x2, 0x2, 0xb2, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xb3, 
    0xa4, 0x3, 0x2, 0x2, 0x2, 0xb3, 0xa8, 0x3, 0x2, 0x2, 0x2, 0xb3, 0xaf, 
    0x3, 0x2, 0x2, 0x2, 0xb3, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xb4, 0x27, 0x3, 
    0x2, 0x2, 0x2, 0xb5, 0xc1, 0x7, 0x23, 0x2, 0x2, 0xb6, 0xb8, 0x7, 0x26, 
    0x2, 0x2, 0xb7, 0xb9, 0x5, 0x2a, 0x16, 0x2, 0xb8, 0xb7, 0x3, 0x2, 0x2, 
    0x2, 0xb8, 0xb9, 0x3, 0x2, 0x2, 0x2, 0xb9, 0xc2, 0x3, 0x2, 0x2, 0x2, 
    0xba, 0xbc, 0x7, 0x2a, 0x2, 0x2, 0xbb, 0xbd, 0x7, 0x2b, 0x2, 0x2, 0xbc, 
    0xbb, 0x3, 0x2, 0x2, 0x2, 0xbc, 0xbd, 0x3, 0x2, 0x2, 0x2, 0xbd, 0xbf, 
    0x3, 0x2, 0x2, 0x2, 0xbe, 0xc0, 0x5, 0x2a, 0x16, 0x2, 0xbf, 0xbe, 0x3, 
    0x2, 0x2, 0x2, 0xbf, 0xc0, 0x3, 0x2, 0x2, 0x2, 0xc0, 0xc2, 0x3, 0x2, 
    0x2, 0x2, 0xc1, 0xb6, 0x3, 0x2, 0x2, 0x2, 0xc1, 0xba, 0x3, 0x2, 0x2, 
    0x2, 0xc1, 0xc2, 0x3, 0x2, 0x2, 0x2, 0xc2, 0x29, 0x3, 0x2, 0x2, 0x2, 
    0xc3, 0xc8, 0x5, 0x2c, 0x17, 0x2, 0xc4, 0xc5, 0x7, 0xe, 0x2, 0x2, 0xc5, 
    0xc7, 0x5, 0x2c, 0x17, 0x2, 0xc6, 0xc4, 0x3, 0x2, 0x2, 0x2, 0xc7, 0xca, 
    0x3, 0x2, 0x2, 0x2, 0xc8, 0xc6, 0x3, 0x2, 0x2, 0x2, 0xc8, 0xc9, 0x3, 
    0x2, 0x2, 0x2, 0xc9, 0x2b, 0x3, 0x2, 0x2, 0x2, 0xca, 0xc8, 0x3, 0x2, 
    0x2, 0x2, 0xcb, 0xd6, 0x7, 0x11, 0x2, 0x2, 0xcc, 0xd6, 0x7, 0x13, 0x2, 
    0x2, 0xcd, 0xd6, 0x7, 0x12, 0x2, 0x2, 0xce, 0xd0, 0x7, 0xf, 0x2, 0x2, 
    0xcf, 0xd1, 0x7, 0xd, 0x2, 0x2, 0xd0, 0xcf, 0x3, 0x2, 0x2, 0x2, 0xd0, 
    0xd1, 0x3, 0x2, 0x2, 0x2, 0xd1, 0xd6, 0x3, 0x2, 0x2, 0x2, 0xd2, 0xd6, 
    0x5, 0x2e, 0x18, 0x2, 0xd3, 0xd6, 0x5, 0x30, 0x19, 0x2, 0xd4, 0xd6, 
    0x5, 0x34, 0x1b, 0x2, 0xd5, 0xcb, 0x3, 0x2, 0x2, 0x2, 0xd5, 0xcc, 0x3, 
    0x2, 0x2, 0x2, 0xd5, 0xcd, 0x3, 0x2, 0x2, 0x2, 0xd5, 0xce, 0x3, 0x2, 
    0x2, 0x2, 0xd5, 0xd2, 0x3, 0x2, 0x2, 0x2, 0xd5, 0xd3, 0x3, 0x2, 0x2, 
    0x2, 0xd5, 0xd4, 0x3, 0x2, 0x2, 0x2, 0xd6, 0x2d, 0x3, 0x2, 0x2, 0x2, 
    0xd7, 0xdc, 0x7, 0x8, 0x2, 0x2, 0xd8, 0xda, 0x9, 0x3, 0x2, 0x2, 0xd9, 
    0xdb, 0x7, 0x11, 0x2, 0x2, 0xda, 0xd9, 0x3, 0x2, 0x2, 0x2, 0xda, 0xdb, 
    0x3, 0x2, 0x2, 0x2, 0xdb, 0xdd, 0x3, 0x2, 0x2, 0x2, 0xdc, 0xd8, 0x3, 
    0x2, 0x2, 0x2, 0xdc, 0xdd, 0x3, 0x2, 0x2, 0x2, 0xdd, 0x2f, 0x3, 0x2, 
    0x2, 0x2, 0xde, 0xe0, 0x7, 0xb, 0x2, 0x2, 0xdf, 0xe1, 0x7, 0xc, 0x2, 
    0x2, 0xe0, 0xdf, 0x3, 0x2, 0x2, 0x2, 0xe0, 0xe1, 0x3, 0x2, 0x2, 0x2, 
    0xe1, 0x31, 0x3, 0x2, 0x2, 0x2, 0xe2, 0xe3, 0x9, 0x4, 0x2, 0x2, 0xe3, 
    0x33, 0x3, 0x2, 0x2, 0x2, 0xe4, 0xe5, 0x9, 0x5, 0x2, 0x2, 0xe5, 0x35, 
    0x3, 0x2, 0x2, 0x2, 0x26, 0x3a, 0x40, 0x45, 0x4d, 0x52, 0x57, 0x59, 
    0x5d, 0x61, 0x66, 0x68, 0x6c, 0x71, 0x7a, 0x7e, 0x83, 0x85, 0x8b, 0x90, 
    0x94, 0xa1, 0xa6, 0xab, 0xad, 0xb1, 0xb3, 0xb8, 0xbc, 0xbf, 0xc1, 0xc8, 
    0xd0, 0xd5, 0xda, 0xdc, 0xe0, 
  };

  atn::ATNDeserializer deserializer;
  _atn = deserializer.deserialize(_serializedATN);

  size_t count = _atn.getNumberOfDecisions();
  _decisionToDFA.reserve(count);
  for (size_t i = 0; i < count; i++) { 
    _decisionToDFA.emplace_back(_atn.getDecisionState(i), i);
  }
}

LotParser::Initializer LotParser::_init;
