using System.Net;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Cli;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>Behaviour of the built command that only a process shows.</summary>
public sealed class ProcessTests : IDisposable
{
    // 1,700 on 2026-12-01, and a tenth: the number differs a little between processors and versions of .NET.
    private const int MostCompiledMethods = 1900;

    // An idle node was once 15 MiB larger for them.
    private static readonly string[] NotUsed =
    [
        "libcrypto.so",
        "System.Security.Cryptography.dll",
        "System.Net.Security.dll",
        "System.ComponentModel.TypeConverter.dll",
        "System.Collections.Immutable.dll",
        "System.Net.Http.dll",
        "System.IO.Hashing.dll",
        "StackExchange.Redis.dll",
        "Polly.Core.dll",
        "OpenTelemetry.dll",
        "Grpc.Net.Client.dll",
        "AWSSDK.Core.dll",
        "Azure.Core.dll",
        "Microsoft.IdentityModel.Tokens.dll",
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_PrintsThePageAndEndsWithZero()
    {
        await using var process = Start("-help");

        Assert.Equal(0, await process.WhenExitedAsync(Cancellation));
        Assert.Equal(HelpPage.Text.Split('\n'), process.Lines);
    }

    [Fact]
    public async Task UnknownFlag_EndsWithTwoAndOneLine()
    {
        await using var process = Start("-nosuch");

        Assert.Equal(2, await process.WhenExitedAsync(Cancellation));
        Assert.Equal("chunkproxy: -nosuch: no such flag (chunkproxy -help lists the flags)", Assert.Single(process.Lines));
    }

    [Fact]
    public async Task UnreadableFile_EndsWithTwoAndOneLine()
    {
        await WriteAppSettingsAsync("""{ "ChunkProxy": """);
        await using var process = Start("-url", "http://origin.example/");

        Assert.Equal(2, await process.WhenExitedAsync(Cancellation));
        Assert.Contains("appsettings.json", Assert.Single(process.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_OfThreeSources_FlagWinsOverEnvironmentOverFile()
    {
        await WriteAppSettingsAsync(
            """{ "ChunkProxy": { "Url": "http://file.example/", "ChunkSize": "2MiB", "MemorySize": "64MiB", "DiskSize": 48, "MetadataSize": "1MiB" } }""");
        var environment = new Dictionary<string, string?> { ["ChunkProxy__MemorySize"] = "96", ["ChunkProxy__MetadataSize"] = "3MiB" };

        await using var process = Start(["-webaddr=127.0.0.1:0", "--size-s", "512KiB"], environment);
        await WhenListeningAsync(process);

        Assert.Contains("chunkproxy: origin http://file.example/", process.Lines);
        Assert.Contains($"chunkproxy: chunks of 2MiB, memory 96MiB, disk 48MiB in {_folder.Combine("cache")}, metadata 512KiB", process.Lines);
    }

    /// <summary>Aspire's manifests set this variable; the framework would then let any client choose its address.</summary>
    [Fact]
    public async Task Get_ForwardedHeadersAreEnabledInTheEnvironment_StrangersHaveTheirOwnAddress()
    {
        var environment = new Dictionary<string, string?> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" };
        await using var process = Start(
            ["-url", "http://origin.example/", "-webaddr", "127.0.0.1:0", "-size-d", "0", "-allow", "198.51.100.7"], environment);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = await WhenListeningAsync(process) };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");

        using var answer = await client.GetAsync("/film.mp4", Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Stop_OfARunningNode_EndsWithZero()
    {
        await using var process = Start("-url", "http://origin.example/", "-webaddr", "127.0.0.1:0", "-size-d", "0");
        var address = await WhenListeningAsync(process);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };

        foreach (var path in new[] { "/_chunkproxy/health", "/_chunkproxy/alive" })
        {
            using var answer = await client.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            Assert.Equal("Healthy", await answer.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal(0, await process.StopAsync(Cancellation));
        Assert.DoesNotContain(process.Lines, line => line.Contains("fail", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Start_AloneWithoutRedisAndTelemetry_LoadsNothingOfWhatItDoesNotUse()
    {
        await using var process = Start("-url", "http://origin.example/", "-webaddr", "127.0.0.1:0");
        await WhenListeningAsync(process);

        var maps = await File.ReadAllTextAsync($"/proc/{process.Id}/maps", Cancellation);

        Assert.Contains("ChunkProxy.Cache.dll", maps, StringComparison.Ordinal);
        Assert.DoesNotContain(NotUsed, library => maps.Contains(library, StringComparison.Ordinal));
    }

    /// <summary>
    /// Each method that is compiled at the start costs 0.1 ms and 3 KiB, in a published build too. A count far above the limit usually has one cause: a
    /// collection, query or task of structures, which is compiled for each structure. The framework alone takes 500.
    /// </summary>
    [Fact]
    public async Task Start_Alone_CompilesFewMethods()
    {
        var environment = new Dictionary<string, string?> { ["DOTNET_PerfMapEnabled"] = "3", ["DOTNET_PerfMapJitDumpPath"] = _folder.Path };
        await using var process = Start(["-url", "http://origin.example/", "-webaddr", "127.0.0.1:0"], environment);
        await WhenListeningAsync(process);

        var map = await File.ReadAllLinesAsync(_folder.Combine($"perf-{process.Id}.map"), Cancellation);

        Assert.InRange(map.Count(static method => method.EndsWith("[QuickJitted]", StringComparison.Ordinal)), 1, MostCompiledMethods);
    }

    private ChildProcess Start(params IEnumerable<string> arguments) => Start(arguments, new Dictionary<string, string?>());

    private ChildProcess Start(IEnumerable<string> arguments, Dictionary<string, string?> environment) => ChildProcess.Start(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [ProductBuild.Assembly("ChunkProxy.Web", "chunkproxy.dll"), .. arguments],
        environment,
        _folder.Path);

    private static async Task<Uri> WhenListeningAsync(ChildProcess process)
    {
        const string Words = "chunkproxy: web listening on ";
        var line = await process.WhenLineAsync(line => line.StartsWith(Words, StringComparison.Ordinal), "chunkproxy listens", Cancellation);
        return new Uri(line[Words.Length..]);
    }

    private Task WriteAppSettingsAsync(string json) => File.WriteAllTextAsync(_folder.Combine("appsettings.json"), json, Cancellation);
}
