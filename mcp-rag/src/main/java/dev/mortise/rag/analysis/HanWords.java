package dev.mortise.rag.analysis;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.lucene.analysis.cn.smart.HMMChineseTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/** The words of Chinese, by the dictionary and the hidden Markov model that come with Lucene. */
final class HanWords {
    /** Marks a term as a word: as a pair of characters it is a term already. */
    private static final String MARK = "\u0001";

    private HanWords() {}

    static void tokens(String text, List<Token> tokens) {
        try (HMMChineseTokenizer words = new HMMChineseTokenizer()) {
            words.setReader(new StringReader(text));
            CharTermAttribute term = words.addAttribute(CharTermAttribute.class);
            OffsetAttribute offset = words.addAttribute(OffsetAttribute.class);
            words.reset();
            while (words.incrementToken()) {
                int codePoint = Character.codePointAt(term, 0);
                if (Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HAN) {
                    TextAnalyzer.add(
                            tokens,
                            MARK + Letters.normal(term.toString()),
                            offset.startOffset(),
                            offset.endOffset(),
                            Token.Form.HAN_WORD);
                }
            }
            words.end();
        } catch (IOException e) {
            throw new UncheckedIOException("Reading a string does not fail", e);
        }
    }
}
