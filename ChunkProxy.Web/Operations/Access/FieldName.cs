using System.Text.Json;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Names of enumeration values in JSON.</summary>
internal static class FieldName
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
