using System.Buffers;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>
/// The names of the origins under <c>ChunkProxy:Origins</c>, in lower case, as configuration has them now. None: the process has one origin,
/// <c>ChunkProxy:Url</c>.
/// </summary>
internal sealed class SiteNames(IConfiguration configuration)
{
    /// <summary>The section with one section for each origin.</summary>
    public const string Section = CacheOptions.OriginsSection;

    private const int Longest = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The names, sorted.</summary>
    public IReadOnlyList<string> All => [.. configuration.GetSection(Section).GetChildren().Select(static it => it.Key.ToLowerInvariant()).Order(StringComparer.Ordinal)];

    /// <summary>Whether the process has named origins.</summary>
    public bool AreSet => All.Count > 0;

    /// <summary>Names of the options of the origins (<see cref="SettingScope"/>): one for each, or the default one.</summary>
    public IEnumerable<string> Scopes => All is { Count: > 0 } names ? names.Select(ScopeOf) : [""];

    /// <summary>Returns the name of the options of an origin.</summary>
    public static string ScopeOf(string name) => $"Origins:{name}";

    /// <summary>Returns the name of the options of an object's origin.</summary>
    /// <param name="label"><see cref="Chunks.ObjectId.Label"/>.</param>
    public static string ScopeOfLabel(string label) => label.Length == 0 ? "" : ScopeOf(label);

    /// <summary>Returns whether a text can be the name of an origin. It stands before paths in messages between members.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(Allowed);
}
