using System.Globalization;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>One object, or a range of it, to be warmed.</summary>
/// <param name="Name">Its path, or the URL that a client would use.</param>
/// <param name="Range">The bytes, as <c>0-1048575</c>; null: all.</param>
internal sealed record WarmItem(string Name, string? Range)
{
    private const string Unit = "bytes=";

    /// <summary>Whether it does not count as a failure that the origin does not permit caching, as for many keys.</summary>
    public bool MayBeUncacheable { get; init; }

    /// <summary>What the node is asked for: the URL, whose host selects the route, or the path.</summary>
    public string Path { get; } = ObjectPath.ForNode(Name);

    /// <summary>Identifies it in a file of finished objects. No path contains a number sign.</summary>
    public string Key => Range is null ? Path : $"{Path}#{Field}";

    private string? Field => Range is null || Range.StartsWith(Unit, StringComparison.Ordinal) ? Range : Unit + Range;

    /// <summary>Returns the request that starts the warm-up, below the reserved prefix.</summary>
    public string Request(long? bytesPerSecond) =>
        $"warm?path={Uri.EscapeDataString(Path)}"
        + (Field is { } field ? $"&range={Uri.EscapeDataString(field)}" : "")
        + (bytesPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"&rate={rate}") : "");

    public override string ToString() => Range is null ? Path : $"{Path} ({Field})";
}
