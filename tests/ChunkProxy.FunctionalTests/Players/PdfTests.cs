namespace ChunkProxy.FunctionalTests.Players;

/// <summary>A page of another origin reads a PDF document with PDF.js, by ranges.</summary>
[Collection(PlayerCollection.Name)]
public sealed class PdfTests(PlayerStage stage)
{
    [Fact]
    public async Task PdfJs_FirstPageAndAnotherOne_AreRenderedFromRangesAndAMissingDocumentIs404()
    {
        await using var page = await stage.OpenAsync("pdf", "pdfjs-dist/build/pdf.min.mjs");
        var library = new Uri(stage.Origin.BaseAddress, "packages/pdfjs-dist/build/");

        Assert.Equal(PagedDocument.Pages, (await page.AskAsync($"pdf.open(\"{library}\", {page.Url(PagedDocument.Name)})")).GetInt32());
        foreach (var number in (int[])[1, 31])
        {
            var shown = await page.AskAsync($"pdf.page({number})");
            Assert.Equal($"Page {number}", shown.GetProperty("text").GetString());
            Assert.Equal(PagedDocument.ShadeOf(number), shown.GetProperty("shade").GetInt32());
        }

        var ranges = page.StatusesOf(PagedDocument.Name).Count(status => status == 206);
        Assert.InRange(ranges, 2, PagedDocument.Pages / 3); // of 64 KiB, the size of an image
        Assert.Equal("ResponseException 404", (await page.AskAsync($"pdf.missing({page.Url("missing.pdf")})")).GetString());
        Assert.Equal("h2", await page.ProtocolsAsync());
    }
}
