namespace ChunkProxy.Cache.Chunks;

/// <summary>How an object is shown to people, in logs, events, statistics and traces: its path, and a hash in place of its query.</summary>
/// <remarks>
/// A query may carry a signature or a token, so it never leaves the request. <c>/a/b.mp4?sig=1</c> is shown as <c>/a/b.mp4?…#3f9c1a</c>: the six
/// hexadecimal digits are the first 24 bits of the query's SHA-256, so that equal queries look equal and different ones differ. They are too few
/// to confirm a guess of a query: about one of 17 million texts has them by chance. No request target contains <c>…</c> or <c>#</c>, so a shown
/// form is never the path of another object.
/// </remarks>
public static class ShownPath
{
    /// <summary>What stands between the path and the digits.</summary>
    public const string Mark = "?…#";

    private const int Digits = 6;

    /// <summary>Characters that follow the path where there is a query.</summary>
    public const int MarkLength = 3 + Digits;

    /// <summary>Returns the shown form of a path and query, or of a request target as a client sent it. A text without a query is returned as it is.</summary>
    public static string Of(string pathAndQuery)
    {
        // A client that sends a fragment is wrong, but what it sends is a secret all the same.
        var query = pathAndQuery.AsSpan().IndexOfAny('?', '#');
        return query < 0 ? pathAndQuery : string.Concat(pathAndQuery.AsSpan(0, query), Mark, HashOf(pathAndQuery[query..]));
    }

    /// <summary>Says whether a text is the shown form of an object with a query.</summary>
    public static bool IsShown(string text) => text.Length > MarkLength && text.AsSpan(text.Length - MarkLength).StartsWith(Mark);

    private static string HashOf(string query) => StableHash.Of(query).ToString()[..Digits];
}
