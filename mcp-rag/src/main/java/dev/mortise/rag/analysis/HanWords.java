package dev.mortise.rag.analysis;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.analysis.cn.smart.HMMChineseTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/** The words of Chinese, by the dictionary and the hidden Markov model that come with Lucene. */
final class HanWords {
    /** Marks a term as a word: as a pair of characters it is a term already. */
    private static final String MARK = "\u0001";

    private static final ReentrantLock LOADING = new ReentrantLock();
    private static volatile boolean loaded;

    private HanWords() {}

    static void tokens(String text, List<Token> tokens) {
        load();
        segment(text, tokens);
    }

    /**
     * The dictionaries are read by static initializers, for a third of a second. Virtual threads that wait for those would
     * keep the threads that carry them, and so everybody else, waiting as well; here they wait for a lock.
     */
    private static void load() {
        if (loaded) {
            return;
        }
        LOADING.lock();
        try {
            if (!loaded) {
                segment("中文词典", new ArrayList<>());
                loaded = true;
            }
        } finally {
            LOADING.unlock();
        }
    }

    private static void segment(String text, List<Token> tokens) {
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
