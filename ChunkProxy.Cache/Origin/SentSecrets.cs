namespace ChunkProxy.Cache.Origin;

/// <summary>The secrets in the latest requests, which a response may repeat and no client may get.</summary>
/// <param name="most">Most that are kept: the latest.</param>
internal sealed class SentSecrets(int most)
{
    private volatile string[] _sent = []; // the latest first

    /// <summary>Returns whether a text contains one of them.</summary>
    public bool AreIn(string text) => Array.Exists(_sent, sent => text.Contains(sent, StringComparison.Ordinal));

    /// <summary>Adds the secrets of a request.</summary>
    public void Add(params string?[] secrets)
    {
        var sent = _sent;
        if (!Array.TrueForAll(secrets, secret => secret is null || sent.Contains(secret)))
        {
            _sent = [.. secrets.OfType<string>().Concat(sent).Distinct().Take(most)];
        }
    }
}
