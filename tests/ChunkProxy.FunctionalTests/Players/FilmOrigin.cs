using System.Collections.Concurrent;
using System.Net;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Signals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>An origin server in the test process: files, live streams whose progress the test decides, and the page with the players.</summary>
public sealed class FilmOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ChangeSignal _changed;
    private readonly ConcurrentDictionary<string, Func<HttpContext, string, Task>> _streams = new(StringComparer.Ordinal);
    private readonly List<string> _asked = []; // also the lock that guards it

    private FilmOrigin(string root, ChangeSignal changed)
    {
        _changed = changed;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Use(AnswerStreamAsync);
        var types = new FileExtensionContentTypeProvider();
        foreach (var (extension, type) in (ReadOnlySpan<(string, string)>)[(".m3u8", "application/vnd.apple.mpegurl"), (".mpd", "application/dash+xml"), (".ts", "video/mp2t"), (".m4s", "video/iso.segment"), (".mjs", "text/javascript")])
        {
            types.Mappings[extension] = type;
        }

        var tests = Path.Combine(ProductBuild.Root, "tests");
        Serve("", root);
        Serve("/pages", Path.Combine(tests, "ChunkProxy.FunctionalTests", "Players", "Pages"));
        if (Directory.Exists(PlayerPackages.Folder))
        {
            Serve("/packages", PlayerPackages.Folder);
        }

        _app.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("404 Not Found\n", context.RequestAborted);
        });

        void Serve(string path, string folder) => _app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = path,
            FileProvider = new PhysicalFileProvider(folder),
            ContentTypeProvider = types,
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "max-age=3600",
        });
    }

    /// <summary>The base URL, with a trailing slash.</summary>
    public Uri BaseAddress => new(_app.Urls.First() + "/");

    /// <summary>The targets of all requests so far, in order, with their queries.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    /// <param name="root">The folder of the files.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FilmOrigin> StartAsync(string root, CancellationToken cancellationToken)
    {
        var origin = new FilmOrigin(root, new ChangeSignal());
        await origin._app.StartAsync(cancellationToken);
        return origin;
    }

    /// <summary>Adds a stream below <c>/streams/</c>.</summary>
    /// <param name="name">Its folder.</param>
    /// <param name="answer">Answers a request for one of its files.</param>
    /// <returns>The path of the folder, with a trailing slash.</returns>
    internal string Add(string name, Func<HttpContext, string, Task> answer)
    {
        Assert.True(_streams.TryAdd(name, answer), name);
        return $"/streams/{name}/";
    }

    /// <summary>Waits until a request for the target has come.</summary>
    public Task WhenAskedAsync(string target, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => Asked.Contains(target), $"a request for {target}", cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerStreamAsync(HttpContext context, RequestDelegate next)
    {
        lock (_asked)
        {
            _asked.Add(context.Request.Path + context.Request.QueryString);
        }

        _changed.Raise();
        return context.Request.Path.Value!.Split('/') is ["", "streams", var name, var file] && _streams.TryGetValue(name, out var answer)
            ? answer(context, file)
            : next(context);
    }
}
