using System.Globalization;

namespace ChunkProxy.Cache.Sites;

/// <summary>How long responses of a site stay fresh, where the operator decides. Immutable and pure.</summary>
internal sealed class FreshnessRules
{
    private readonly PathLifetimes _override;
    private readonly PathLifetimes _default;
    private readonly Dictionary<int, TimeSpan> _statuses;

    /// <param name="options">The lifetimes.</param>
    /// <param name="ignoresPathCase">Whether keys have their paths in lower case, so that the case of patterns does not count.</param>
    public FreshnessRules(FreshnessOptions options, bool ignoresPathCase = false)
    {
        _override = PathLifetimes.Parse(options.Override, ignoresPathCase);
        _default = PathLifetimes.Parse(options.Default, ignoresPathCase);
        _statuses = StatusesIn(options.Statuses);
    }

    /// <param name="pathAndQuery">The key of an object.</param>
    public ObjectFreshness Of(string pathAndQuery) => new(_override.Of(pathAndQuery), _default.Of(pathAndQuery));

    /// <summary>Returns how long a response with this status is remembered at most; null if the operator does not say.</summary>
    public TimeSpan? OfStatus(int status) => _statuses.TryGetValue(status, out var lifetime) ? lifetime : null;

    /// <exception cref="FormatException">An entry is invalid.</exception>
    public static Dictionary<int, TimeSpan> StatusesIn(string? list)
    {
        var statuses = new Dictionary<int, TimeSpan>();
        foreach (var (name, lifetime) in LifetimeList.Parse(list))
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 300 or > 599 or 304 || !statuses.TryAdd(status, lifetime))
            {
                throw new FormatException($"'{name}' is not a status from 300 to 599, except 304, that is named once");
            }
        }

        return statuses;
    }
}
