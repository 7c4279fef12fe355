namespace ChunkProxy.Cache.Settings;

/// <summary>Suggests the word that somebody probably meant.</summary>
internal static class Suggestion
{
    private const int MostMistakes = 3;

    /// <summary>Returns <c>. Did you mean X?</c> with the nearest of the words; empty if none is near.</summary>
    public static string For(string text, IEnumerable<string> words) => Nearest(text, words) is { } word ? $". Did you mean {word}?" : "";

    /// <summary>Returns the nearest of the words; null if none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> words)
    {
        var (word, mistakes) = words.Select(word => (Word: word, Mistakes: Distance(text, word))).OrderBy(it => it.Mistakes).ThenBy(it => it.Word, StringComparer.Ordinal).FirstOrDefault();
        return word is not null && mistakes <= Math.Min(MostMistakes, text.Length / 2) ? word : null;
    }

    // Levenshtein's distance, without regard to case.
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
