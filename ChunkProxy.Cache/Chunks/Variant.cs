namespace ChunkProxy.Cache.Chunks;

/// <summary>The requests that a response is for: the request fields that <c>Vary</c> names, with their values (RFC 9111 §4.1).</summary>
/// <remarks>Variants of one version share its chunks. Each variant has its own response fields.</remarks>
public sealed class Variant : IEquatable<Variant>
{
    private readonly KeyValuePair<string, string?>[] _selecting; // sorted by name, ignoring case

    private Variant(KeyValuePair<string, string?>[] selecting) => _selecting = selecting;

    /// <summary>Name and value of each selecting field; a null value means that the request did not have the field.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Selecting => _selecting;

    /// <summary>Number of characters in all names and values.</summary>
    public int Length => _selecting.Sum(one => one.Key.Length + (one.Value?.Length ?? 0));

    /// <summary>Returns the variant that a request selects; null if no request field selects, so that the response is for every request.</summary>
    public static Variant? Of(IEnumerable<string> names, RequestFields request) => From(names.Select(name => KeyValuePair.Create(name, request[name])));

    /// <summary>Returns the variant with these selecting fields; null if there are none.</summary>
    public static Variant? From(IEnumerable<KeyValuePair<string, string?>> selecting)
    {
        KeyValuePair<string, string?>[] sorted =
        [
            .. selecting.DistinctBy(field => field.Key, StringComparer.OrdinalIgnoreCase).OrderBy(field => field.Key, StringComparer.OrdinalIgnoreCase),
        ];
        return sorted is [] ? null : new Variant(sorted);
    }

    /// <summary>Returns true if the field is one of those that select.</summary>
    public bool Names(string field) => _selecting.Any(one => one.Key.Equals(field, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns true if the request selects this variant.</summary>
    public bool Matches(RequestFields request)
    {
        foreach (var (name, value) in _selecting)
        {
            if (!string.Equals(value, request[name], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns true if the same request fields select both variants, whatever their values are.</summary>
    public bool HasSameNamesAs(Variant other) =>
        _selecting.Select(field => field.Key).SequenceEqual(other._selecting.Select(field => field.Key), StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the fields with which a request selects this variant.</summary>
    public RequestFields ToRequestFields() =>
        new(_selecting.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!)));

    public bool Equals(Variant? other) =>
        other is not null && HasSameNamesAs(other) && _selecting.Select(field => field.Value).SequenceEqual(other._selecting.Select(field => field.Value), StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Variant);

    public override int GetHashCode() =>
        _selecting.Aggregate(0, (hash, field) => HashCode.Combine(hash, field.Key.GetHashCode(StringComparison.OrdinalIgnoreCase), field.Value));
}
