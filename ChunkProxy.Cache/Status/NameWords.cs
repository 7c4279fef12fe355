using System.Text.Json;

namespace ChunkProxy.Cache.Status;

/// <summary>Names of values as words for operators: <c>FormerOwner</c> becomes "former owner".</summary>
internal static class NameWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => Of(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    /// <summary>Returns a name from JSON as words: <c>formerOwner</c> becomes "former owner".</summary>
    public static string Of(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
