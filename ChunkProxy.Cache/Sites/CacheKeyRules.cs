using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>Which requests are for the same object: the path, the part of the query that counts, and the host if it does. Immutable and pure.</summary>
/// <remarks>Applied to a key, the rules return the key itself. Members use that to check that they have the same rules.</remarks>
internal sealed class CacheKeyRules
{
    private readonly string _text;
    private readonly ParameterNames? _only;
    private readonly ParameterNames _ignored;
    private readonly bool _hasQuery;
    private readonly bool _sort;

    public CacheKeyRules(CacheKeyOptions options)
    {
        _hasQuery = options.Query is not KeyQuery.None;
        _only = SettingText.ListOf(options.Only) is { Length: > 0 } only ? new ParameterNames(only) : null;
        _ignored = new ParameterNames(SettingText.ListOf(options.Ignore));
        _sort = options.Sort;
        HasHost = options.Host;
        IgnoresPathCase = options.IgnorePathCase;
        _text = TextOf(options);
    }

    /// <summary>Whether targets and keys begin with the host (<see cref="HostedTarget"/>).</summary>
    public bool HasHost { get; }

    /// <summary>Whether the case of the path does not count.</summary>
    public bool IgnoresPathCase { get; }

    /// <summary>Equal for equal rules.</summary>
    public override string ToString() => _text;

    /// <summary>Returns the key of a target; the same string if the whole target is the key.</summary>
    /// <param name="target">Path and query in normal form, with the host before them if the rules have it.</param>
    public string KeyOf(string target)
    {
        var pathAndQuery = PathOf(target);
        if (!_hasQuery)
        {
            return pathAndQuery[..QueryParameters.EndOfPath(pathAndQuery)];
        }

        return _only is null && _ignored.IsEmpty && !_sort
            ? pathAndQuery
            : QueryParameters.Select(pathAndQuery, parameter => _only?.Contain(parameter) ?? !_ignored.Contain(parameter), _sort);
    }

    /// <summary>Returns a target whose host and path are as the key has them.</summary>
    public string PathOf(string target)
    {
        var known = !HasHost && HostedTarget.IsOne(target) ? HostedTarget.Split(target).PathAndQuery : target;
        return IgnoresPathCase ? PathCase.Lower(known) : known;
    }

    private string TextOf(CacheKeyOptions options) => string.Concat(
        !_hasQuery ? "no query"
            : (_only is not null ? $"only {ListOf(options.Only)}" : _ignored.IsEmpty ? "whole query" : $"all but {ListOf(options.Ignore)}") + (_sort ? ", sorted" : ""),
        HasHost ? ", with the host" : "",
        IgnoresPathCase ? ", path without case" : "");

    private static string ListOf(string? names) => string.Join(',', SettingText.ListOf(names).Distinct().Order(StringComparer.Ordinal));
}
