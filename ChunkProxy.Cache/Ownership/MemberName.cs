using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Ownership;

/// <summary>Defines which member names are valid.</summary>
internal static class MemberName
{
    /// <summary>Describes a valid name in error messages.</summary>
    public const string Expected = "a name of at most 63 letters, digits, dots, hyphens and underscores";

    private const int MaxLength = 63;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    public static bool IsName([NotNullWhen(true)] string? text) => text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
}
