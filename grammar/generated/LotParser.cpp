
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
    setState(30);
    match(LotParser::DEFINE);
    setState(33);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::ROUTE: {
        setState(31);
        route();
        break;
      }

      case LotParser::IDENT: {
        setState(32);
        foreign();
        break;
      }

      case LotParser::EOF: {
        break;
      }

    default:
      break;
    }
    setState(35);
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
    setState(37);
    match(LotParser::ROUTE);
    setState(39);
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
      setState(38);
      name();
    }
    setState(44);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << LotParser::ADD)
      | (1ULL << LotParser::WITH)
      | (1ULL << LotParser::STORE))) != 0)) {
      setState(41);
      statement();
      setState(46);
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
    setState(47);
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
    setState(52);
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
        setState(49);
        word();
        break;
      }

      case LotParser::STRING: {
        enterOuterAlt(_localctx, 2);
        setState(50);
        match(LotParser::STRING);
        break;
      }

      case LotParser::QUOTED: {
        enterOuterAlt(_localctx, 3);
        setState(51);
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
    setState(57);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::ADD: {
        enterOuterAlt(_localctx, 1);
        setState(54);
        add();
        break;
      }

      case LotParser::WITH: {
        enterOuterAlt(_localctx, 2);
        setState(55);
        with();
        break;
      }

      case LotParser::STORE: {
        enterOuterAlt(_localctx, 3);
        setState(56);
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
    setState(59);
    match(LotParser::ADD);
    setState(64);
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
      setState(60);
      word();
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
        | (1ULL << LotParser::STRING))) != 0)) {
        setState(61);
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
    setState(68);
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
        setState(66);
        word();
        break;
      }

      case LotParser::STRING: {
        enterOuterAlt(_localctx, 2);
        setState(67);
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
    setState(70);
    match(LotParser::STORE);
    setState(72);
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
      setState(71);
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
    setState(74);
    match(LotParser::WITH);
    setState(79);
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
      setState(75);
      word();
      setState(77);
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
        setState(76);
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
  enterRule(_localctx, 18, LotParser::RuleValue);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(81);
    term();
    setState(86);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == LotParser::PLUS) {
      setState(82);
      match(LotParser::PLUS);
      setState(83);
      term();
      setState(88);
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
  enterRule(_localctx, 20, LotParser::RuleTerm);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(99);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case LotParser::STRING: {
        enterOuterAlt(_localctx, 1);
        setState(89);
        match(LotParser::STRING);
        break;
      }

      case LotParser::OPEN_STRING: {
        enterOuterAlt(_localctx, 2);
        setState(90);
        match(LotParser::OPEN_STRING);
        break;
      }

      case LotParser::QUOTED: {
        enterOuterAlt(_localctx, 3);
        setState(91);
        match(LotParser::QUOTED);
        break;
      }

      case LotParser::NUMBER: {
        enterOuterAlt(_localctx, 4);
        setState(92);
        match(LotParser::NUMBER);
        setState(94);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == LotParser::UNIT) {
          setState(93);
          match(LotParser::UNIT);
        }
        break;
      }

      case LotParser::GET: {
        enterOuterAlt(_localctx, 5);
        setState(96);
        reference();
        break;
      }

      case LotParser::RANDOM: {
        enterOuterAlt(_localctx, 6);
        setState(97);
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
        setState(98);
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
  enterRule(_localctx, 22, LotParser::RuleReference);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(101);
    match(LotParser::GET);
    setState(106);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == LotParser::ENV

    || _la == LotParser::SECRET) {
      setState(102);
      _la = _input->LA(1);
      if (!(_la == LotParser::ENV

      || _la == LotParser::SECRET)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(104);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == LotParser::STRING) {
        setState(103);
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
  enterRule(_localctx, 24, LotParser::RuleRandom);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(108);
    match(LotParser::RANDOM);
    setState(110);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == LotParser::UUID) {
      setState(109);
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
  enterRule(_localctx, 26, LotParser::RuleWord);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(112);
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
  enterRule(_localctx, 28, LotParser::RuleBare);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(114);
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
  "store", "with", "value", "term", "reference", "random", "word", "bare"
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
  "BAD"
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
    0x3, 0x18, 0x77, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 0x9, 
    0x4, 0x4, 0x5, 0x9, 0x5, 0x4, 0x6, 0x9, 0x6, 0x4, 0x7, 0x9, 0x7, 0x4, 
    0x8, 0x9, 0x8, 0x4, 0x9, 0x9, 0x9, 0x4, 0xa, 0x9, 0xa, 0x4, 0xb, 0x9, 
    0xb, 0x4, 0xc, 0x9, 0xc, 0x4, 0xd, 0x9, 0xd, 0x4, 0xe, 0x9, 0xe, 0x4, 
    0xf, 0x9, 0xf, 0x4, 0x10, 0x9, 0x10, 0x3, 0x2, 0x3, 0x2, 0x3, 0x2, 0x5, 
    0x2, 0x24, 0xa, 0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 0x3, 0x3, 0x3, 0x5, 0x3, 
    0x2a, 0xa, 0x3, 0x3, 0x3, 0x7, 0x3, 0x2d, 0xa, 0x3, 0xc, 0x3, 0xe, 0x3, 
    0x30, 0xb, 0x3, 0x3, 0x4, 0x3, 0x4, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x5, 
    0x5, 0x37, 0xa, 0x5, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 0x5, 0x6, 0x3c, 0xa, 
    0x6, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0x41, 0xa, 0x7, 0x5, 0x7, 
    0x43, 0xa, 0x7, 0x3, 0x8, 0x3, 0x8, 0x5, 0x8, 0x47, 0xa, 0x8, 0x3, 0x9, 
    0x3, 0x9, 0x5, 0x9, 0x4b, 0xa, 0x9, 0x3, 0xa, 0x3, 0xa, 0x3, 0xa, 0x5, 
    0xa, 0x50, 0xa, 0xa, 0x5, 0xa, 0x52, 0xa, 0xa, 0x3, 0xb, 0x3, 0xb, 0x3, 
    0xb, 0x7, 0xb, 0x57, 0xa, 0xb, 0xc, 0xb, 0xe, 0xb, 0x5a, 0xb, 0xb, 0x3, 
    0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x5, 0xc, 0x61, 0xa, 0xc, 
    0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x5, 0xc, 0x66, 0xa, 0xc, 0x3, 0xd, 0x3, 
    0xd, 0x3, 0xd, 0x5, 0xd, 0x6b, 0xa, 0xd, 0x5, 0xd, 0x6d, 0xa, 0xd, 0x3, 
    0xe, 0x3, 0xe, 0x5, 0xe, 0x71, 0xa, 0xe, 0x3, 0xf, 0x3, 0xf, 0x3, 0x10, 
    0x3, 0x10, 0x3, 0x10, 0x2, 0x2, 0x11, 0x2, 0x4, 0x6, 0x8, 0xa, 0xc, 
    0xe, 0x10, 0x12, 0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 0x2, 0x5, 0x3, 
    0x2, 0x9, 0xa, 0x4, 0x2, 0x7, 0xd, 0x10, 0x10, 0x6, 0x2, 0x7, 0x7, 0x9, 
    0xa, 0xc, 0xd, 0x10, 0x10, 0x2, 0x80, 0x2, 0x20, 0x3, 0x2, 0x2, 0x2, 
    0x4, 0x27, 0x3, 0x2, 0x2, 0x2, 0x6, 0x31, 0x3, 0x2, 0x2, 0x2, 0x8, 0x36, 
    0x3, 0x2, 0x2, 0x2, 0xa, 0x3b, 0x3, 0x2, 0x2, 0x2, 0xc, 0x3d, 0x3, 0x2, 
    0x2, 0x2, 0xe, 0x46, 0x3, 0x2, 0x2, 0x2, 0x10, 0x48, 0x3, 0x2, 0x2, 
    0x2, 0x12, 0x4c, 0x3, 0x2, 0x2, 0x2, 0x14, 0x53, 0x3, 0x2, 0x2, 0x2, 
    0x16, 0x65, 0x3, 0x2, 0x2, 0x2, 0x18, 0x67, 0x3, 0x2, 0x2, 0x2, 0x1a, 
    0x6e, 0x3, 0x2, 0x2, 0x2, 0x1c, 0x72, 0x3, 0x2, 0x2, 0x2, 0x1e, 0x74, 
    0x3, 0x2, 0x2, 0x2, 0x20, 0x23, 0x7, 0x3, 0x2, 0x2, 0x21, 0x24, 0x5, 
    0x4, 0x3, 0x2, 0x22, 0x24, 0x5, 0x6, 0x4, 0x2, 0x23, 0x21, 0x3, 0x2, 
    0x2, 0x2, 0x23, 0x22, 0x3, 0x2, 0x2, 0x2, 0x23, 0x24, 0x3, 0x2, 0x2, 
    0x2, 0x24, 0x25, 0x3, 0x2, 0x2, 0x2, 0x25, 0x26, 0x7, 0x2, 0x2, 0x3, 
    0x26, 0x3, 0x3, 0x2, 0x2, 0x2, 0x27, 0x29, 0x7, 0x7, 0x2, 0x2, 0x28, 
    0x2a, 0x5, 0x8, 0x5, 0x2, 0x29, 0x28, 0x3, 0x2, 0x2, 0x2, 0x29, 0x2a, 
    0x3, 0x2, 0x2, 0x2, 0x2a, 0x2e, 0x3, 0x2, 0x2, 0x2, 0x2b, 0x2d, 0x5, 
    0xa, 0x6, 0x2, 0x2c, 0x2b, 0x3, 0x2, 0x2, 0x2, 0x2d, 0x30, 0x3, 0x2, 
    0x2, 0x2, 0x2e, 0x2c, 0x3, 0x2, 0x2, 0x2, 0x2e, 0x2f, 0x3, 0x2, 0x2, 
    0x2, 0x2f, 0x5, 0x3, 0x2, 0x2, 0x2, 0x30, 0x2e, 0x3, 0x2, 0x2, 0x2, 
    0x31, 0x32, 0x7, 0x10, 0x2, 0x2, 0x32, 0x7, 0x3, 0x2, 0x2, 0x2, 0x33, 
    0x37, 0x5, 0x1c, 0xf, 0x2, 0x34, 0x37, 0x7, 0x11, 0x2, 0x2, 0x35, 0x37, 
    0x7, 0x12, 0x2, 0x2, 0x36, 0x33, 0x3, 0x2, 0x2, 0x2, 0x36, 0x34, 0x3, 
    0x2, 0x2, 0x2, 0x36, 0x35, 0x3, 0x2, 0x2, 0x2, 0x37, 0x9, 0x3, 0x2, 
    0x2, 0x2, 0x38, 0x3c, 0x5, 0xc, 0x7, 0x2, 0x39, 0x3c, 0x5, 0x12, 0xa, 
    0x2, 0x3a, 0x3c, 0x5, 0x10, 0x9, 0x2, 0x3b, 0x38, 0x3, 0x2, 0x2, 0x2, 
    0x3b, 0x39, 0x3, 0x2, 0x2, 0x2, 0x3b, 0x3a, 0x3, 0x2, 0x2, 0x2, 0x3c, 
    0xb, 0x3, 0x2, 0x2, 0x2, 0x3d, 0x42, 0x7, 0x4, 0x2, 0x2, 0x3e, 0x40, 
    0x5, 0x1c, 0xf, 0x2, 0x3f, 0x41, 0x5, 0xe, 0x8, 0x2, 0x40, 0x3f, 0x3, 
    0x2, 0x2, 0x2, 0x40, 0x41, 0x3, 0x2, 0x2, 0x2, 0x41, 0x43, 0x3, 0x2, 
    0x2, 0x2, 0x42, 0x3e, 0x3, 0x2, 0x2, 0x2, 0x42, 0x43, 0x3, 0x2, 0x2, 
    0x2, 0x43, 0xd, 0x3, 0x2, 0x2, 0x2, 0x44, 0x47, 0x5, 0x1c, 0xf, 0x2, 
    0x45, 0x47, 0x7, 0x11, 0x2, 0x2, 0x46, 0x44, 0x3, 0x2, 0x2, 0x2, 0x46, 
    0x45, 0x3, 0x2, 0x2, 0x2, 0x47, 0xf, 0x3, 0x2, 0x2, 0x2, 0x48, 0x4a, 
    0x7, 0x6, 0x2, 0x2, 0x49, 0x4b, 0x5, 0xe, 0x8, 0x2, 0x4a, 0x49, 0x3, 
    0x2, 0x2, 0x2, 0x4a, 0x4b, 0x3, 0x2, 0x2, 0x2, 0x4b, 0x11, 0x3, 0x2, 
    0x2, 0x2, 0x4c, 0x51, 0x7, 0x5, 0x2, 0x2, 0x4d, 0x4f, 0x5, 0x1c, 0xf, 
    0x2, 0x4e, 0x50, 0x5, 0x14, 0xb, 0x2, 0x4f, 0x4e, 0x3, 0x2, 0x2, 0x2, 
    0x4f, 0x50, 0x3, 0x2, 0x2, 0x2, 0x50, 0x52, 0x3, 0x2, 0x2, 0x2, 0x51, 
    0x4d, 0x3, 0x2, 0x2, 0x2, 0x51, 0x52, 0x3, 0x2, 0x2, 0x2, 0x52, 0x13, 
    0x3, 0x2, 0x2, 0x2, 0x53, 0x58, 0x5, 0x16, 0xc, 0x2, 0x54, 0x55, 0x7, 
    0xe, 0x2, 0x2, 0x55, 0x57, 0x5, 0x16, 0xc, 0x2, 0x56, 0x54, 0x3, 0x2, 
    0x2, 0x2, 0x57, 0x5a, 0x3, 0x2, 0x2, 0x2, 0x58, 0x56, 0x3, 0x2, 0x2, 
    0x2, 0x58, 0x59, 0x3, 0x2, 0x2, 0x2, 0x59, 0x15, 0x3, 0x2, 0x2, 0x2, 
    0x5a, 0x58, 0x3, 0x2, 0x2, 0x2, 0x5b, 0x66, 0x7, 0x11, 0x2, 0x2, 0x5c, 
    0x66, 0x7, 0x13, 0x2, 0x2, 0x5d, 0x66, 0x7, 0x12, 0x2, 0x2, 0x5e, 0x60, 
    0x7, 0xf, 0x2, 0x2, 0x5f, 0x61, 0x7, 0xd, 0x2, 0x2, 0x60, 0x5f, 0x3, 
    0x2, 0x2, 0x2, 0x60, 0x61, 0x3, 0x2, 0x2, 0x2, 0x61, 0x66, 0x3, 0x2, 
    0x2, 0x2, 0x62, 0x66, 0x5, 0x18, 0xd, 0x2, 0x63, 0x66, 0x5, 0x1a, 0xe, 
    0x2, 0x64, 0x66, 0x5, 0x1e, 0x10, 0x2, 0x65, 0x5b, 0x3, 0x2, 0x2, 0x2, 
    0x65, 0x5c, 0x3, 0x2, 0x2, 0x2, 0x65, 0x5d, 0x3, 0x2, 0x2, 0x2, 0x65, 
    0x5e, 0x3, 0x2, 0x2, 0x2, 0x65, 0x62, 0x3, 0x2, 0x2, 0x2, 0x65, 0x63, 
    0x3, 0x2, 0x2, 0x2, 0x65, 0x64, 0x3, 0x2, 0x2, 0x2, 0x66, 0x17, 0x3, 
    0x2, 0x2, 0x2, 0x67, 0x6c, 0x7, 0x8, 0x2, 0x2, 0x68, 0x6a, 0x9, 0x2, 
    0x2, 0x2, 0x69, 0x6b, 0x7, 0x11, 0x2, 0x2, 0x6a, 0x69, 0x3, 0x2, 0x2, 
    0x2, 0x6a, 0x6b, 0x3, 0x2, 0x2, 0x2, 0x6b, 0x6d, 0x3, 0x2, 0x2, 0x2, 
    0x6c, 0x68, 0x3, 0x2, 0x2, 0x2, 0x6c, 0x6d, 0x3, 0x2, 0x2, 0x2, 0x6d, 
    0x19, 0x3, 0x2, 0x2, 0x2, 0x6e, 0x70, 0x7, 0xb, 0x2, 0x2, 0x6f, 0x71, 
    0x7, 0xc, 0x2, 0x2, 0x70, 0x6f, 0x3, 0x2, 0x2, 0x2, 0x70, 0x71, 0x3, 
    0x2, 0x2, 0x2, 0x71, 0x1b, 0x3, 0x2, 0x2, 0x2, 0x72, 0x73, 0x9, 0x3, 
    0x2, 0x2, 0x73, 0x1d, 0x3, 0x2, 0x2, 0x2, 0x74, 0x75, 0x9, 0x4, 0x2, 
    0x2, 0x75, 0x1f, 0x3, 0x2, 0x2, 0x2, 0x13, 0x23, 0x29, 0x2e, 0x36, 0x3b, 
    0x40, 0x42, 0x46, 0x4a, 0x4f, 0x51, 0x58, 0x60, 0x65, 0x6a, 0x6c, 0x70, 
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
