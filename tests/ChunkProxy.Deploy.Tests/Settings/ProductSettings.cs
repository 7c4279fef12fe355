using System.Reflection;
using ChunkProxy.Cache;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.Deploy.Tests.Settings;

/// <summary>Every setting of the product as an environment variable, from its option classes: those that have a <c>Section</c>.</summary>
internal static class ProductSettings
{
    private static readonly Assembly[] Product = [typeof(CacheServiceCollectionExtensions).Assembly, Assembly.Load("chunkproxy")];

    public static IReadOnlySet<string> Names { get; } = Find();

    private static HashSet<string> Find() =>
    [
        .. from assembly in Product
           from type in assembly.GetTypes()
           where type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
           where section is not null
           from property in type.GetProperties()
           where property.CanWrite
           let key = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name
           select $"{section}:{key}".Replace(":", "__", StringComparison.Ordinal),
    ];
}
