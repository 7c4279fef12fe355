using System.Globalization;
using System.Text;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>A PDF document of many pages. Each has a line of text and a large image in a shade of its own.</summary>
internal static class PagedDocument
{
    public const string Name = "document.pdf";
    public const int Pages = 40;

    private const int ImageEdge = 256; // pixels of one byte
    private const int FirstOfPages = 4; // the objects before it: catalog, page tree, font

    /// <summary>The shade of the page's image, 0 to 255.</summary>
    public static int ShadeOf(int page) => page * 6;

    public static async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        using var file = new MemoryStream();
        List<long> offsets = [];
        Write("%PDF-1.4\n");
        Add("<</Type/Catalog/Pages 2 0 R>>");
        Add($"<</Type/Pages/Count {Pages}/Kids[{string.Join(' ', Enumerable.Range(FirstOfPages, Pages).Select(number => $"{number} 0 R"))}]>>");
        Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        for (var page = 1; page <= Pages; page++) // all before the first image, because a reader looks for its page among them
        {
            var content = FirstOfPages + Pages + (2 * (page - 1));
            Add($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents {content} 0 R/Resources<</Font<</Font 3 0 R>>/XObject<</Image {content + 1} 0 R>>>>>>");
        }

        for (var page = 1; page <= Pages; page++)
        {
            var image = new byte[ImageEdge * ImageEdge];
            image.AsSpan().Fill((byte)ShadeOf(page));
            AddStream("", Encoding.ASCII.GetBytes($"q 200 0 0 100 0 0 cm /Image Do Q BT /Font 20 Tf 20 150 Td (Page {page}) Tj ET"));
            AddStream($"/Type/XObject/Subtype/Image/Width {ImageEdge}/Height {ImageEdge}/ColorSpace/DeviceGray/BitsPerComponent 8", image);
        }

        var table = file.Position;
        Write($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        offsets.ForEach(offset => Write(offset.ToString("0000000000 00000 n \n", CultureInfo.InvariantCulture)));
        Write($"trailer\n<</Size {offsets.Count + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
        await File.WriteAllBytesAsync(path, file.ToArray(), cancellationToken);

        void Write(string text) => file.Write(Encoding.ASCII.GetBytes(text));

        void Add(string value)
        {
            offsets.Add(file.Position);
            Write($"{offsets.Count} 0 obj\n{value}\nendobj\n");
        }

        void AddStream(string entries, byte[] bytes)
        {
            offsets.Add(file.Position);
            Write($"{offsets.Count} 0 obj\n<<{entries}/Length {bytes.Length}>>\nstream\n");
            file.Write(bytes);
            Write("\nendstream\nendobj\n");
        }
    }
}
