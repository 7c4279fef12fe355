using Microsoft.Playwright;

namespace ChunkProxy.AppHost.Tests.Page;

/// <summary>A page in a real, headless Chromium, in a context of its own, with a record of its errors.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public BrowserPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(60_000);
        page.PageError += (_, error) => Problems.Add(error);
        page.Console += (_, message) =>
        {
            // Statuses of 400 and above: the browser reports them even if the page handles them.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                Problems.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Exceptions of scripts, and errors that they or the content security policy reported.</summary>
    public List<string> Problems { get; } = [];

    public ILocator this[string selector] => Page.Locator(selector);

    public Task TextAsync(string selector, string text) => Assertions.Expect(Page.Locator(selector)).ToContainTextAsync(text, new() { Timeout = 60_000 });

    public Task EnabledAsync(string selector, bool isEnabled = true) => Assertions.Expect(Page.Locator(selector)).ToBeEnabledAsync(new() { Enabled = isEnabled, Timeout = 60_000 });

    public Task VisibleAsync(string selector, bool isVisible = true) => Assertions.Expect(Page.Locator(selector)).ToBeVisibleAsync(new() { Visible = isVisible, Timeout = 60_000 });

    /// <summary>Where <c>CHUNKPROXY_SCREENSHOTS</c> names a folder: in both themes, wide and as on a phone.</summary>
    public async Task ScreenshotsAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("CHUNKPROXY_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            return;
        }

        foreach (var (size, width, height) in new[] { ("", 1280, 900), ("-phone", 390, 844) })
        {
            await Page.SetViewportSizeAsync(width, height);
            foreach (var (theme, scheme) in new[] { ("light", ColorScheme.Light), ("dark", ColorScheme.Dark) })
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{theme}{size}.png"), FullPage = true });
            }
        }

        await Page.SetViewportSizeAsync(1280, 900);
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
