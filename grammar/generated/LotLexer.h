
// Generated from Lot.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"




class  LotLexer : public antlr4::Lexer {
public:
  enum {
    DEFINE = 1, ADD = 2, WITH = 3, STORE = 4, ROUTE = 5, GET = 6, ENV = 7, 
    SECRET = 8, RANDOM = 9, UUID = 10, UNIT = 11, PLUS = 12, NUMBER = 13, 
    IDENT = 14, STRING = 15, QUOTED = 16, OPEN_STRING = 17, LINE_COMMENT = 18, 
    BLOCK_COMMENT = 19, OPEN_COMMENT = 20, SPACE = 21, BAD = 22
  };

  LotLexer(antlr4::CharStream *input);
  ~LotLexer();

  virtual std::string getGrammarFileName() const override;
  virtual const std::vector<std::string>& getRuleNames() const override;

  virtual const std::vector<std::string>& getChannelNames() const override;
  virtual const std::vector<std::string>& getModeNames() const override;
  virtual const std::vector<std::string>& getTokenNames() const override; // deprecated, use vocabulary instead
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;

  virtual const std::vector<uint16_t> getSerializedATN() const override;
  virtual const antlr4::atn::ATN& getATN() const override;

private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;
  static std::vector<std::string> _channelNames;
  static std::vector<std::string> _modeNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  // Individual action functions triggered by action() above.

  // Individual semantic predicate functions triggered by sempred() above.

  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

