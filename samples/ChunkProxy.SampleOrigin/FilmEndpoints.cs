using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChunkProxy.SampleOrigin.Films;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.SampleOrigin;

/// <summary>Serves films and captions like an object store: strong ETag, Last-Modified, ranges, conditional requests.</summary>
internal static class FilmEndpoints
{
    // The films are computed from the clips and from FilmCatalogue; the ETag distinguishes their versions.
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapFilms(this IEndpointRouteBuilder app, IReadOnlyList<Film> films)
    {
        var list = JsonSerializer.SerializeToUtf8Bytes(
            films.Select(film => new FilmEntry(film.Name, film.Title, film.Duration.TotalSeconds, film.Length)), FilmsJson.Default.IEnumerableFilmEntry);
        var listETag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(list).AsSpan(0, 8))}\"");
        app.MapMethods("/films.json", Methods, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-cache"; // changes with each build
            return Results.Bytes(list, "application/json", entityTag: listETag);
        });

        foreach (var film in films)
        {
            var captions = Encoding.UTF8.GetBytes(Captions.Of(film.Duration));

            app.MapMethods($"/films/{film.Name}.webm", Methods, (HttpContext context) =>
            {
                Immutable(context.Response);
                return Results.Stream(new FilmStream(film), "video/webm", lastModified: Made, entityTag: film.ETag, enableRangeProcessing: true);
            });
            app.MapMethods($"/films/{film.Name}.vtt", Methods, (HttpContext context) =>
            {
                Immutable(context.Response);
                return Results.Bytes(captions, "text/vtt", lastModified: Made, entityTag: film.ETag, enableRangeProcessing: true);
            });
        }
    }

    private static void Immutable(HttpResponse response) => response.Headers.CacheControl = "public, max-age=31536000, immutable";
}
