using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>Lifetimes by patterns of paths: <c>*.m3u8=1s,/live/*=5s</c>. The first pattern that matches counts. Immutable and pure.</summary>
internal sealed class PathLifetimes
{
    private readonly NamedLifetime[] _lifetimes;

    private PathLifetimes(NamedLifetime[] lifetimes) => _lifetimes = lifetimes;

    /// <summary>Reads a list of <c>pattern=time</c>. An asterisk in a pattern stands for any characters, slashes included.</summary>
    /// <param name="list">The list.</param>
    /// <param name="ignoreCase">Whether paths are compared in lower case.</param>
    /// <exception cref="FormatException">An entry is invalid.</exception>
    public static PathLifetimes Parse(string? list, bool ignoreCase = false) => new([.. LifetimeList.Parse(list).Select(entry => entry.Name is ['/' or '*', ..]
        ? (ignoreCase ? entry with { Name = PathCase.Lower(entry.Name) } : entry)
        : throw new FormatException($"'{entry.Name}' is not a pattern such as *.m3u8 or /live/*"))]);

    /// <summary>Returns the lifetime of an object; null if no pattern matches.</summary>
    /// <param name="pathAndQuery">The key of the object. Only the path is compared.</param>
    public TimeSpan? Of(string pathAndQuery)
    {
        if (_lifetimes.Length == 0)
        {
            return null;
        }

        var start = HostedTarget.EndOfHost(pathAndQuery);
        var path = pathAndQuery.AsSpan(start, QueryParameters.EndOfPath(pathAndQuery) - start);
        foreach (var (pattern, lifetime) in _lifetimes)
        {
            if (Matches(pattern, path))
            {
                return lifetime;
            }
        }

        return null;
    }

    // Greedy with one step back: linear in the path for each asterisk.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < path.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && pattern[p] == path[t])
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
