using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Settings;

/// <summary>Validates <see cref="CacheOptions"/> beyond the ranges of single settings.</summary>
internal sealed class CacheOptionsValidator(IConfiguration configuration) : IValidateOptions<CacheOptions>
{
    private static readonly ByteSize MostChunkSize = ByteSize.MiB(64);
    private static readonly ByteSize LeastMemory = ByteSize.MiB(1);

    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        var failures = new SettingFailures(CacheOptions.Section, name);
        var isForAll = string.IsNullOrEmpty(name);
        if (!isForAll || !configuration.GetSection(CacheOptions.OriginsSection).GetChildren().Any())
        {
            RequireOrigin(options.Url, nameof(CacheOptions.Url), failures);
        }
        else
        {
            failures.Require(options.Url is null, nameof(CacheOptions.Url), $"cannot be combined with {CacheOptions.OriginsSection}: name this origin there");
            failures.Require(options.BackupUrl is null, nameof(CacheOptions.BackupUrl), $"is for one origin: set it under {CacheOptions.OriginsSection}");
            failures.Require(string.IsNullOrEmpty(options.OriginHost), nameof(CacheOptions.OriginHost), $"is for one origin: set it under {CacheOptions.OriginsSection}");
            failures.Require(string.IsNullOrEmpty(options.OriginName), nameof(CacheOptions.OriginName), $"is for one origin: set it under {CacheOptions.OriginsSection}");
        }

        failures.Require(
            string.IsNullOrEmpty(options.OriginHost) || IsHost(options.OriginHost), nameof(CacheOptions.OriginHost), $"'{options.OriginHost}' is not a host such as media.example or media.example:8443");
        if (options.BackupUrl is not null)
        {
            RequireOrigin(options.BackupUrl, nameof(CacheOptions.BackupUrl), failures);
            failures.Require(
                options.Url is not { IsAbsoluteUri: true, Scheme: "https" } || options.BackupUrl is { IsAbsoluteUri: true, Scheme: "https" },
                nameof(CacheOptions.BackupUrl),
                "takes an https URL, as the origin has one");
            failures.Require(options.BackupUrl != options.Url, nameof(CacheOptions.BackupUrl), "is the URL itself: takes that of another server with the same objects");
        }

        if (!isForAll)
        {
            return failures.ToResult();
        }

        RequireSizes(options, failures);
        var directories = options.Directories;
        failures.Require(options.DiskBudget == 0 || directories is not [], nameof(CacheOptions.Dir), "needs a directory, unless the disk size is 0");
        failures.Require(
            directories.Count <= DiskPlacement.MostDirectories,
            nameof(CacheOptions.Dir),
            $"names {directories.Count} directories: takes {DiskPlacement.MostDirectories} at most");
        if (options.DiskBudget > 0 && CacheDirectory.OverlapIn(directories) is { } overlap)
        {
            failures.Require(false, nameof(CacheOptions.Dir), overlap);
        }

        return failures.ToResult();
    }

    private static void RequireOrigin(Uri? url, string key, SettingFailures failures)
    {
        const string Takes = "the origin's http or https URL, such as http://origin.example/videos/";
        if (url is null)
        {
            failures.Require(false, key, $"is missing: {Takes}");
            return;
        }

        failures.Require(url.IsAbsoluteUri && url.Scheme is "http" or "https", key, $"'{ShownSetting.Url(url.OriginalString)}' is not {Takes}");
        failures.Require(
            !url.IsAbsoluteUri || (url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0),
            key,
            "takes no user name, query or fragment");
    }

    private static void RequireSizes(CacheOptions options, SettingFailures failures)
    {
        var chunk = options.ChunkSize;
        // With an invalid chunk size the other sizes cannot be checked.
        var few = chunk <= MostChunkSize ? new ByteSize(chunk.Bytes * CacheOptions.LeastChunksInMemory) : default;
        var leastMemory = few > LeastMemory ? few : LeastMemory;
        failures.Require(
            options.MemoryBudget >= leastMemory,
            "MemorySize",
            $"{options.MemoryBudget} is too small: takes at least {leastMemory} with chunks of {chunk}");
        failures.Require(
            options.DiskBudget == 0 || options.DiskBudget >= few,
            "DiskSize",
            $"{options.DiskBudget} is too small: takes at least {few} with chunks of {chunk}, or 0 for no disk tier");
        failures.Require(
            string.IsNullOrEmpty(options.Redis) || IsRedis(options.Redis),
            nameof(CacheOptions.Redis),
            $"'{ShownSetting.Redis(options.Redis ?? "")}' is not a Redis server such as 10.0.0.5:6379, with options such as ,password=… behind it");
    }

    private static bool IsHost(string text) => Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var url) && url is { UserInfo: "", PathAndQuery: "/", Fragment: "" };

    private static bool IsRedis(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
